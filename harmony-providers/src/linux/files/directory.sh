path=$1 mark=$2 text=$3 mode=$4 owner=$5
folder=${path%/*}
umask 022
if [ -L "$path" ]; then
    refuse "$BLOCKED" "$path is a symbolic link: make the directory where it leads, or remove it"
elif [ -d "$path" ]; then
    safe_folder "$folder"
    mark_put "$mark" "$text" || exit
elif [ -e "$path" ]; then
    refuse "$BLOCKED" "$path is there and is no directory"
else
    # The nearest folder that is there decides who could come between.
    above=$folder
    while [ -n "$above" ] && [ ! -e "$above" ] && [ ! -L "$above" ]; do above=${above%/*}; done
    safe_folder "$above"
    mkdir -p "${folder:-/}" || exit
    mark_put "$mark" "$text" || exit
    (umask 077 && mkdir "$path") || exit
    mode=${mode:-0755}
fi
if [ -n "$owner" ]; then
    chown "$owner" "$path" || exit
fi
if [ -n "$mode" ]; then
    chmod "0$mode" "$path" || exit
fi
settle "$path" "${folder:-/}"
if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null 2>&1; then
    restorecon "$path"
fi
