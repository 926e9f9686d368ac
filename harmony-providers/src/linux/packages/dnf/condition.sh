# The configuration of a plugin stays when the plugin goes; its code does not. dnf 5 has it built in.
set -- /usr/lib/python3*/site-packages/dnf-plugins/versionlock.py /usr/lib/python3/dist-packages/dnf-plugins/versionlock.py
for code do
    [ ! -e "$code" ] || set --
done
if [ "$#" -gt 0 ] && ! command -v dnf5 >/dev/null 2>&1; then
    echo 'no-holds dnf holds packages by its versionlock plugin, which is not there: install dnf-plugins-core'
fi
! rpm -q --whatprovides / 2>&1 >/dev/null | grep -q '^error' || echo cut
