path=$1
shift
folder=${path%/*}
if [ -d "${folder:-/}" ]; then
    safe_folder "$folder"
    if [ -d "$path" ] && [ ! -L "$path" ]; then
        rmdir "$path" || exit
    else
        rm -f "$path" || exit
    fi
    settle "${folder:-/}" || exit
fi
mark_drop "$@"
