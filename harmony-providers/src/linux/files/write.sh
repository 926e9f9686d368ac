path=$1 mark=$2 text=$3 size=$4 mode=$5 owner=$6
shift 6
folder=${path%/*}
hint=$folder/.harmony.${mark##*/}

safe_folder "$folder"
[ ! -L "$path" ] || refuse "$BLOCKED" "$path is a symbolic link: write where it leads, or remove it"
[ ! -e "$path" ] || [ -f "$path" ] || refuse "$BLOCKED" "$path is there and is no file"

# What a write that was cut short left behind.
rm -f "$hint".*
hold_new "$hint.$$"
if [ -e "$path" ]; then
    hold_as "$path"
elif [ -z "$mode" ]; then
    mode=0644
fi
if [ -n "$owner" ]; then
    chown "$owner" "$file" || give_up
fi
if [ -n "$mode" ]; then
    chmod "0$mode" "$file" || give_up
fi
fill_new "$size"
# A program that is open for writing cannot be run, and the check may be to run it.
exec 9>&-
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
mark_put "$mark" "$text" || give_up
mv -f "$new" "$path" || give_up
settle "${folder:-/}" || exit
relabel "$path"
