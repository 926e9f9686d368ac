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

# useradd says "cannot lock /etc/passwd; try again later" to a file system that takes nothing.
try_folder "$root/etc" || exit

busybox_like() {
    command -v adduser >/dev/null 2>&1 && command -v addgroup >/dev/null 2>&1 && ! command -v useradd >/dev/null 2>&1
}
busybox_like || command -v useradd >/dev/null 2>&1 ||
    refuse "$UNSUPPORTED" "there is neither useradd nor adduser to make users with"
if busybox_like && lookup passwd "$name"; then
    # Nothing there changes a user but for the groups, and who cannot be changed is not marked.
    rest=$(grep "^$name:" "$root/etc/passwd")
    rest=${rest#*:*:}
    before=${rest%:*}
    is=${rest%%:*}:${before##*:}:${rest##*:}
    [ "${uid:-${rest%%:*}}:${home:-${before##*:}}:${shell:-${rest##*:}}" = "$is" ] ||
        refuse "$UNSUPPORTED" "there is no usermod to change user $name with"
fi
mark_put "$mark" "$text" || exit

if busybox_like; then
    if ! lookup passwd "$name"; then
        set -- -D
        [ -z "$uid" ] || set -- "$@" -u "$uid"
        [ -z "$home" ] || set -- "$@" -h "$home"
        [ -z "$shell" ] || set -- "$@" -s "$shell"
        [ -z "$system" ] || set -- "$@" -S -H
        # A group of the same name is taken, not made a second time.
        ! lookup group "$name" || set -- "$@" -G "$name"
        adduser "$@" "$name" || exit
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
! lookup group "$name" || set -- "$@" -g "$name"
useradd "$@" "$name"
