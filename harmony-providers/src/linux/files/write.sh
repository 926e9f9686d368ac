path=$1 mark=$2 text=$3 size=$4 mode=$5 owner=$6
shift 6
folder=${path%/*}
hint=$folder/.harmony.${mark##*/}

safe_folder "$folder"
[ ! -L "$path" ] || refuse "$BLOCKED" "$path is a symbolic link: write where it leads, or remove it"
[ ! -e "$path" ] || [ -f "$path" ] || refuse "$BLOCKED" "$path is there and is no file"

# What a write that was cut short left behind.
rm -f "$hint".*
umask 077
new=$(mktemp "$hint.XXXXXX") || exit
give_up() {
    code=$?
    rm -f "$new"
    exit "$code"
}
if [ -e "$path" ]; then
    # Mode, owner, access lists and other extended attributes; where cp cannot do that, all that it can.
    cp --attributes-only --preserve=all "$path" "$new" 2>/dev/null || cp -p "$path" "$new" || give_up
elif [ -z "$mode" ]; then
    mode=0644
fi
if [ -n "$owner" ]; then
    chown "$owner" "$new" || give_up
fi
if [ -n "$mode" ]; then
    chmod "0$mode" "$new" || give_up
fi
cat >"$new" || give_up
# A connection that is lost looks like the end of the content.
written=$(wc -c <"$new") || give_up
[ "$written" -eq "$size" ] || {
    rm -f "$new"
    refuse 1 "only $written of $size bytes came"
}
if [ "$#" -gt 0 ]; then
    for word do
        shift
        case $word in
        *'{}'*) set -- "$@" "${word%%'{}'*}$new${word#*'{}'}" ;;
        *) set -- "$@" "$word" ;;
        esac
    done
    checked=$("$@" 2>&1 </dev/null) || {
        rm -f "$new"
        printf '%s\n' "$checked" >&2
        exit 68
    }
fi
settle "$new" || give_up
mark_put "$mark" "$text" || give_up
mv -f "$new" "$path" || give_up
settle "${folder:-/}" || exit
if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null 2>&1; then
    restorecon "$path"
fi
