rm -rf /etc/yum.repos.d /etc/dnf/plugins/local.conf /var/cache/dnf
mkdir -p /etc/yum.repos.d /etc/dnf/vars
echo 40 >/etc/dnf/vars/releasever
printf '[local]\nname=local\nbaseurl=file:///srv/repository\ngpgcheck=0\n' >/etc/yum.repos.d/local.repo
