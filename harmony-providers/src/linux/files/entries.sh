    hidden=
    for path do
        shift
        if [ -e "$path" ] || [ -L "$path" ]; then
            set -- "$@" "$path"
            continue
        fi
        # Nothing is there, or nothing may be seen: ask the nearest folder that is there.
        folder=${path%/*}
        while [ -n "$folder" ] && [ ! -d "$folder" ]; do folder=${folder%/*}; done
        [ -x "${folder:-/}" ] || printf '%s\0' "$path"
    done
    printf '\0%s\0' "$#"
    [ "$#" -gt 0 ] || return 0
    seen=$(stat -c '%f/%s/%u/%g/%Z/%z/%U/%G/%n' "$@" 2>/dev/null)
    code=$?
    [ "$code" -lt 2 ] || return "$code"
    printf '%s\0' "$seen"
    for path do
        [ -L "$path" ] || continue
        printf '%s\0' "$path"
        readlink -n "$path"
        printf '\0'
    done
    printf '\0'
    set -f
    IFS='
'
    set --
    for line in $seen; do
        size=${line#*/}
        size=${size%%/*}
        case $line in
        8*) [ "$size" -lt "$MOST" ] || set -- "$@" "${line#*/*/*/*/*/*/*/*/}" ;;
        esac
    done
    set +f
    unset IFS
    [ "$#" -eq 0 ] || sha256sum "$@" 2>/dev/null
    return 0
