#!/bin/sh
# Called by udhcpc: takes what the DHCP server offers and says it on the serial line.
[ "$1" = bound ] || [ "$1" = renew ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
[ -n "$router" ] && ip route add default via "${router%% *}" dev "$interface"
[ -n "$dns" ] && echo "nameserver ${dns%% *}" >/etc/resolv.conf
[ -n "$hostname" ] && hostname "$hostname" && echo "$hostname" >/www/index.html
echo "harmony-guest lease card=$interface mac=$(cat "/sys/class/net/$interface/address") ip=$ip hostname=$hostname"
