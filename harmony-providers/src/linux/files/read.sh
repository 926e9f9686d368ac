LC_ALL=C
export LC_ALL
[ ! -L "$1" ] || { printf '%s is a symbolic link\n' "$1" >&2; exit 64; }
[ -e "$1" ] || { printf '%s is not there\n' "$1" >&2; exit 66; }
[ -f "$1" ] || { printf '%s is no file\n' "$1" >&2; exit 64; }
stat -c '%i/%s/%Z' "$1" || exit
tail -c "+$2" "$1" | head -c "$3"
