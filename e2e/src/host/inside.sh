# The first process of a network of test hosts. It obeys one verb a line on standard input and
# answers `done` or `failed`; when standard input ends, everything inside ends with it.
set -eu
base=$1
tree=$2
mount --make-rprivate /
# An overlay cannot have its upper folder on another overlay, which is what a container's root is.
if [ "$(stat -f -c %T "$base")" = overlayfs ]; then
    mount -t tmpfs -o mode=755 tmpfs "$base"
fi
ip link set lo up
ip link add br0 type bridge
ip link set br0 up

# A control group of its own for each host: without one they share their units' groups.
enter_group() {
    for root in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
        if [ -w "$root/cgroup.procs" ]; then
            mkdir -p "$root/harmony-e2e/$1"
            echo "$BASHPID" >"$root/harmony-e2e/$1/cgroup.procs"
        fi
    done
}

# shellcheck disable=SC2086
start() {
    home=$base/$1
    mkdir -p "$home/upper" "$home/work" "$home/root"
    mountpoint -q "$home/root" || mount -t overlay \
        -o "lowerdir=$tree,upperdir=$home/upper,workdir=$home/work" overlay "$home/root"
    (
        enter_group "$1"
        exec systemd-nspawn --quiet --directory="$home/root" --boot --register=no --keep-unit \
            --machine="$1" --network-bridge=br0 --console=pipe \
            --bind=/dev/net/tun --property='DeviceAllow=/dev/net/tun rwm' \
            </dev/null >>"$home/console" 2>&1
    ) &
    echo $! >"$home/pid"
}

# nspawn itself could be killed and its host would live on: it is process 1 of the host that has to go.
kill_host() {
    nspawn=$(cat "$base/$1/pid")
    # shellcheck disable=SC2046
    kill -KILL $(cat "/proc/$nspawn/task/$nspawn/children")
    wait "$nspawn" 2>>"$base/$1/console" || true
}

echo 'done'
while read -r verb name; do
    case $verb in
        uplink) ip link set up0 master br0 up ;;
        start) start "$name" ;;
        kill) kill_host "$name" ;;
        cut) ip link set "vb-$name" down ;;
        mend) ip link set "vb-$name" up ;;
        *) false ;;
    esac && echo 'done' || echo failed
done

# Process 1 of the namespace kills all the others.
kill -KILL -1 || true
wait
exec 2>/dev/null
for root in "$base"/*/root; do umount "$root" || true; done
umount "$base" || true
rm -rf --one-file-system "$base"
