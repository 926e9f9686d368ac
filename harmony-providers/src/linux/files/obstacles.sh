    # Those of the paths "$@" at which root itself cannot write, with a NUL after each.
    [ "$(id -u)" = 0 ] || return 0
    for path do
        folder=${path%/*}
        while [ -n "$folder" ] && [ ! -d "$folder" ]; do folder=${folder%/*}; done
        [ -w "${folder:-/}" ] || printf '%s\0' "$path"
    done
