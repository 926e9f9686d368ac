for part in etc/dnf/plugins/versionlock.conf etc/dnf/plugins/versionlock.list \
    usr/lib/python3/dist-packages/dnfpluginscore usr/lib/python3/dist-packages/dnf-plugins/versionlock.py; do
    mkdir -p "/${part%/*}"
    cp -a "$unpacked/$part" "/$part"
done
