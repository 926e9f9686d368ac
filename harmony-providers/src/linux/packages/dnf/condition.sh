if [ ! -e /etc/dnf/plugins/versionlock.conf ]; then
    echo 'no-holds dnf holds packages by its versionlock plugin, which is not there: install dnf-plugins-core'
fi
rpm -q --whatprovides rpm >/dev/null 2>&1
[ "$?" -le 1 ] || echo cut
