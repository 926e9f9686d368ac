root=$1 name=$2 mark=$3 text=$4 uid=$5 home=$6 shell=$7 system=$8
shift 8
# The groups to be in are the words that are left.
lookup() {
    if [ -z "$root" ] && command -v getent >/dev/null 2>&1; then
        getent "$1" "$2" >/dev/null
    else
        grep -q "^$2:" "$root/etc/$1"
    fi
}
groups=
for group do
    lookup group "$group" || refuse "$NOT_FOUND" "there is no group $group: install what brings it, or make it"
    groups=${groups:+$groups,}$group
done

busybox_like() {
    command -v adduser >/dev/null 2>&1 && command -v addgroup >/dev/null 2>&1 && ! command -v useradd >/dev/null 2>&1
}
busybox_like || command -v useradd >/dev/null 2>&1 ||
    refuse "$UNSUPPORTED" "there is neither useradd nor adduser to make users with"
mark_put "$mark" "$text" || exit

if busybox_like; then
    if ! lookup passwd "$name"; then
        set -- -D
        [ -z "$uid" ] || set -- "$@" -u "$uid"
        [ -z "$home" ] || set -- "$@" -h "$home"
        [ -z "$shell" ] || set -- "$@" -s "$shell"
        [ -z "$system" ] || set -- "$@" -S -H
        adduser "$@" "$name" || exit
    elif [ -n "$uid$home$shell" ]; then
        line=$(grep "^$name:" /etc/passwd)
        rest=${line#*:*:}
        [ "${uid:-${rest%%:*}}" = "${rest%%:*}" ] && [ "${shell:-${line##*:}}" = "${line##*:}" ] ||
            refuse "$UNSUPPORTED" "there is no usermod to change user $name with"
    fi
    IFS=,
    for group in $groups; do addgroup "$name" "$group" || exit; done
    exit 0
fi
set --
[ -z "$root" ] || set -- -P "$root"
[ -z "$uid" ] || set -- "$@" -u "$uid"
[ -z "$home" ] || set -- "$@" -d "$home"
[ -z "$shell" ] || set -- "$@" -s "$shell"
if lookup passwd "$name"; then
    [ -z "$groups" ] || set -- "$@" -a -G "$groups"
    [ "$#" -eq 0 ] || usermod "$@" "$name"
    exit
fi
[ -z "$groups" ] || set -- "$@" -G "$groups"
if [ -n "$system" ]; then
    set -- "$@" -r
else
    set -- "$@" -m
fi
# A group of the same name is taken, not made a second time.
! lookup group "$name" || set -- "$@" -g "$name"
useradd "$@" "$name"
