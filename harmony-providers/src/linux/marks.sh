# Leaves the mark TEXT at PATH, whole and on the disk.
mark_put() {
    mark_folder=${1%/*}
    (umask 022 && mkdir -p "$mark_folder") || return
    # What was cut short left behind.
    rm -f "$mark_folder/.${1##*/}".*
    mark_new=$(mktemp "$mark_folder/.${1##*/}.XXXXXX") || return
    # By a program: a shell that cannot write does not say why.
    if printf '%s\n' "$2" | cat >"$mark_new" && chmod 0644 "$mark_new" && settle "$mark_new" && mv -f "$mark_new" "$1"; then
        settle "$mark_folder"
        return
    fi
    rm -f "$mark_new"
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
