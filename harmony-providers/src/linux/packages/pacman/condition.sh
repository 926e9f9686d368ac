echo 'no-holds pacman holds packages by the line IgnorePkg of /etc/pacman.conf only: write it with a file'
set -- /var/lib/pacman/sync/*.db
[ -e "$1" ] || echo 'age none'
if [ -e /var/lib/pacman/db.lck ]; then
    for open in /proc/[0-9]*/fd/*; do
        [ "$(readlink "$open")" != /var/lib/pacman/db.lck ] || return 0
    done 2>/dev/null
    echo cut
fi
