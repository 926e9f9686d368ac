rm -rf /etc/zypp/repos.d /var/cache/zypp /etc/zypp/locks
mkdir -p /etc/zypp/repos.d
printf '[local]\nname=local\nbaseurl=file:///srv/repository\ngpgcheck=0\nenabled=1\n' >/etc/zypp/repos.d/local.repo
