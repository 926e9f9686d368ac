#!/bin/sh
# The whole user space of the tiny guest: it takes a lease on every network card, says so on the
# serial line, answers HTTP on port 80, and powers off when the ACPI button is pressed. With
# `root=` in the kernel's arguments it hands over to the system on that disk instead.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
exec </dev/ttyS0 >/dev/ttyS0 2>&1
while read -r module; do insmod "/modules/$module.ko"; done </modules/order

root=$(sed -n 's/.*root=\([^ ]*\).*/\1/p' /proc/cmdline)
if [ -n "$root" ]; then
    mkdir -p /root
    mount "$root" /root
    mount --move /dev /root/dev
    umount /sys /proc
    exec switch_root /root /sbin/init
fi

acpid -l /dev/null
hostname harmony-tiny
memory=$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)
firmware=bios
[ -d /sys/firmware/efi ] && firmware=uefi
echo "harmony-guest ready kernel=$(uname -r) cpus=$(nproc) memory=${memory}KiB firmware=$firmware"
httpd -p 80 -h /www

ip link set lo up
for card in /sys/class/net/eth*; do
    card=${card##*/}
    [ "$card" = 'eth*' ] && continue
    ip link set "$card" up
    udhcpc -f -q -t 20 -T 1 -n -i "$card" -s /lease.sh || echo "harmony-guest no-lease card=$card"
done
echo "harmony-guest settled"
while :; do wait; sleep 3600; done
