# What `cargo xtask demo --hosts` runs beside its hosts. $1 the programs' folder, $2 the inventory, $3 a file for what the
# programs say on the way: a line for each step of each host and each line of apt, which nobody reads by the thousand.
set -e
export PATH="$1:$PATH" HARMONY_INVENTORY="$2"
log=$3
ssh() { command ssh -F "$HOME/.ssh/config" "$@"; }
show() {
    printf '\n$ %s\n' "$*"
    began=$(date +%s)
    "$@" 2>>"$log" || {
        code=$?
        tail -n 20 "$log" >&2
        exit "$code"
    }
    printf '(%s s)\n' "$(($(date +%s) - began))"
}
printf '\nHARMONY_INVENTORY=%s\nwhat each step of each host says: %s\n' "$HARMONY_INVENTORY" "$log"
show kvm-fleet hosts
show kvm-fleet apply --yes
show ssh root@h25 'cat /etc/motd; systemctl is-active heartbeat'
show kvm-fleet apply
show kvm-fleet-promote apply --hosts role=kvm --emulate --yes
show ssh root@h1 'virsh --connect qemu:///system version --daemon'
show kvm-fleet-promote apply --hosts role=kvm --emulate
