# The first process of a private libvirtd's own namespaces. It obeys one verb a line on standard
# input and answers `done` or `failed`; when standard input ends, everything inside ends with it.
set -eu
base=$1
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p "$base/socket" "$base/etc"
for folder in run/libvirt var/lib/libvirt var/cache/libvirt var/log/libvirt; do
    mkdir -p "$base/$folder" "/$folder"
    mount --bind "$base/$folder" "/$folder"
done
mkdir -p "$base/etc/qemu"
mount --bind "$base/etc" /etc/libvirt
cat >/etc/libvirt/libvirtd.conf <<CONF
unix_sock_dir = "$base/socket"
unix_sock_rw_perms = "0777"
auth_unix_rw = "none"
CONF
cat >/etc/libvirt/qemu.conf <<CONF
cgroup_controllers = []
remember_owner = 0
CONF
ip link set lo up
virtlogd -d

start() { libvirtd -d -p "$base/pid" 2>>"$base/log"; }
end() {
    pid=$(cat "$base/pid")
    kill "-$1" "$pid"
    tail --pid="$pid" -s 0.05 -f /dev/null
}

start
echo 'done'
while read -r verb; do
    case $verb in
        start) start ;;
        kill) end KILL ;;
        stop) end TERM ;;
        freeze) kill -STOP "$(cat "$base/pid")" ;;
        thaw) kill -CONT "$(cat "$base/pid")" ;;
        break-kvm) mount --bind /dev/null /dev/kvm ;;
        *) false ;;
    esac && echo 'done' || echo failed
done
