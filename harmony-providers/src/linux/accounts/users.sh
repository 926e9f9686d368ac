    root=$1
    shift
    if [ -z "$root" ] && command -v getent >/dev/null 2>&1; then
        getent passwd "$@"
        printf '\0'
        getent group
    else
        cat "$root/etc/passwd"
        printf '\0'
        cat "$root/etc/group"
    fi
    return 0
