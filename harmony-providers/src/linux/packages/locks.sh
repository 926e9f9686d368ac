# Who holds the locks "$@": a line each, with process and command line.
told() {
    printf '%s\t%s\t' "$1" "$2"
    tr '\0\n\t' '   ' <"/proc/$2/cmdline"
    echo
}
has_open() {
    for open in "$1"/fd/*; do
        [ "$(readlink "$open")" != "$2" ] || return 0
    done
    return 1
}
for lock do
    [ -e "$lock" ] || continue
    case $lock in
    *.lck)
        # Not locked in the kernel: it is held by whoever has it open.
        for process in /proc/[0-9]*; do
            ! has_open "$process" "$lock" || told "$lock" "${process#/proc/}"
        done
        continue
        ;;
    esac
    inode=$(stat -c %i "$lock") || continue
    while read -r _ _ _ access process where _; do
        case $access$where in WRITE*:"$inode") ;; *) continue ;; esac
        ! has_open "/proc/$process" "$lock" || told "$lock" "$process"
    done </proc/locks
done 2>/dev/null
:
