root=$1 name=$2 mark=$3
set --
[ -z "$root" ] || set -- -P "$root"
if grep -q "^$name:" "$root/etc/passwd"; then
    try_folder "$root/etc" || exit
    if command -v userdel >/dev/null 2>&1; then
        userdel "$@" "$name" || exit
    elif command -v deluser >/dev/null 2>&1; then
        deluser "$name" || exit
    else
        refuse "$UNSUPPORTED" "there is neither userdel nor deluser to remove users with"
    fi
fi
drop_files "$mark"
