# Leaves marks of one folder, each whole and on the disk: `mark_put PATH TEXT [PATH TEXT…]`.
mark_put() {
    mark_folder=${1%/*}
    (umask 022 && mkdir -p "$mark_folder") || return
    # Drafts first, so that all of them wait for the disk at once.
    mark_left=$#
    while [ "$mark_left" -gt 0 ]; do
        # What was cut short left behind.
        rm -f "$mark_folder/.${1##*/}".*
        mark_new=$(mktemp "$mark_folder/.${1##*/}.XXXXXX") || break
        # By a program: a shell that cannot write does not say why.
        printf '%s\n' "$2" | cat >"$mark_new" && chmod 0644 "$mark_new" || { rm -f "$mark_new"; break; }
        set -- "$@" "$mark_new"
        shift 2
        mark_left=$((mark_left - 2))
    done
    if [ "$mark_left" = 0 ] && settle "$@"; then
        for mark_new do
            mark_name=${mark_new##*/.}
            mv -f "$mark_new" "$mark_folder/${mark_name%.*}" || mark_left=1
        done
        [ "$mark_left" != 0 ] || { settle "$mark_folder"; return; }
    fi
    for mark_new do
        case $mark_new in "$mark_folder"/.*) rm -f "$mark_new" ;; esac
    done
    return 1
}

# Takes these marks away, where they are there.
mark_drop() {
    rm -f "$@"
}

# Brings files and folders to the disk; a `sync` that takes no names brings everything.
settle() {
    settle_said=$(sync "$@" 2>&1) && return
    case $settle_said in
    *'nput/output error'* | *'o space left'* | *'uota exceeded'*)
        printf '%s\n' "$settle_said" >&2
        return 1
        ;;
    esac
    sync
}
