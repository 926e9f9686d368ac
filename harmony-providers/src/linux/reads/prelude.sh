set -u
LC_ALL=C TZ=UTC0
export LC_ALL TZ
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
begin() { printf '%s begin %s\n' "$SECTION" "$1"; }
end() { printf '%s end %s\n' "$SECTION" "$1"; }

# The names of the regular files among its arguments, and then the first bytes of each, with a frame's end after
# each. One process does it for all of them, because head's own environment is a file that holds the frame's end and
# can be read again and again.
files() {
    for path do
        shift
        if [ -f "$path" ] && [ -r "$path" ] && { [ "$FOLLOW" = yes ] || [ ! -L "$path" ]; }; then
            printf '%s\0' "$path"
            set -- "$@" "$path" /proc/self/environ
        fi
    done
    printf '\0'
    [ "$#" -gt 0 ] || return 0
    if [ -r /proc/self/environ ]; then
        env -i PATH="$PATH" FRAME="$FRAME" head -q -c "$MOST" -- /proc/self/environ "$@"
        return
    fi
    printf 'FRAME=%s\0' "$FRAME"
    while [ "$#" -gt 0 ]; do
        head -c "$MOST" -- "$1"
        printf 'FRAME=%s\0' "$FRAME"
        shift 2
    done
}
