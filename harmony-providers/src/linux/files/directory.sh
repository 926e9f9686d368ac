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
    # Closed until it has its mode; where none is said, what is made now is what it stays.
    [ -z "$mode" ] || umask 077
    mkdir "$path" || exit
fi
if [ -n "$owner$mode" ]; then
    # Whoever owns the folder may put something else in its place at any time, a link for instance. So we go there, see
    # where we are, and work from within.
    above=$(cd -P "${folder:-/}" && pwd -P) && cd -P "$path" || exit
    [ "$(pwd -P)" = "${above%/}/${path##*/}" ] ||
        refuse "$BLOCKED" "somebody put something else in the place of $path: see who, and run again"
    [ -z "$owner" ] || chown "$owner" . || exit
    [ -z "$mode" ] || chmod "0$mode" . || exit
fi
settle "$path" "${folder:-/}"
relabel "$path"
