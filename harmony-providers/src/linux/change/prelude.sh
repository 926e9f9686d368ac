set -u
LC_ALL=C
export LC_ALL
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin

# Ends with a code that says what kind of refusal it is, and why.
refuse() {
    printf '%s\n' "$2" >&2
    exit "$1"
}
INVALID=64 BLOCKED=65 NOT_FOUND=66 UNSUPPORTED=67

# Gives PATH this TEXT, whole and on the disk, readable by all.
put_file() {
    put_folder=${1%/*}
    (umask 022 && mkdir -p "$put_folder") || return
    safe_folder "$put_folder"
    [ ! -L "$1" ] || refuse "$BLOCKED" "$1 is a symbolic link: remove it"
    # What was cut short left behind.
    rm -f "$put_folder/.harmony.${1##*/}".*
    put_new=$(mktemp "$put_folder/.harmony.${1##*/}.XXXXXX") || return
    # By a program: a shell that cannot write does not say why.
    if printf '%s\n' "$2" | cat >"$put_new" && chmod 0644 "$put_new" && settle "$put_new" && mv -f "$put_new" "$1"; then
        settle "$put_folder"
        return
    fi
    rm -f "$put_new"
    return 1
}

# Fails where nothing can be written to a folder, and says why: not all tools do.
try_folder() {
    rm -f "$1"/.harmony.try.*
    tried=$(mktemp "$1/.harmony.try.XXXXXX") && rm -f "$tried"
}

# Takes files away, if they are there, and makes it last.
drop_files() {
    for dropped do
        [ -e "$dropped" ] || [ -L "$dropped" ] || continue
        rm -f "$dropped" && settle "${dropped%/*}" || return
    done
}

# Makes the file NEW for its owner alone, and holds it as $file: whoever owns the folder may put something else under the
# name at any time, a link for instance, but not into the file itself.
hold_new() {
    new=$1
    umask 077
    set -C
    exec 9>"$new" || exit
    set +C
    file=/proc/self/fd/9
}

# Ends a change as the last command ended, and takes the new file with it.
give_up() {
    code=$?
    rm -f "$new"
    exit "$code"
}

# Gives the new file the mode, owner, access lists and other extended attributes of the OLD one; where cp cannot do
# that, all that it can.
hold_as() {
    cp --attributes-only --preserve=all "$1" "$file" 2>/dev/null || cp -p "$1" "$file" || give_up
}

# Takes the new file's content, of SIZE bytes, and brings it to the disk: a connection that is lost looks like its end.
fill_new() {
    cat >"$file" || give_up
    written=$(wc -c <"$file") || give_up
    [ "$written" -eq "$1" ] || {
        rm -f "$new"
        refuse 1 "only $written of $1 bytes came"
    }
    settle "$file" || give_up
}

# Gives files the label that SELinux has for their places, where it is in use.
relabel() {
    if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null 2>&1; then
        restorecon "$@"
    fi
}

# Refuses to work in a folder that anybody may change, because whoever may rename what is in it decides where we
# write: in one that is open to all without a sticky bit, or below such a one.
safe_folder() {
    safe=$1
    [ -d "${safe:-/}" ] || refuse "$NOT_FOUND" "there is no folder ${safe:-/}"
    while :; do
        safe_bits=$(stat -L -c %f "${safe:-/}") || exit
        [ "$((0x$safe_bits & 0x202))" -ne 2 ] ||
            refuse "$BLOCKED" "everybody may rename what is in ${safe:-/}: take that right away, or set its sticky bit"
        [ -n "$safe" ] || return 0
        safe=${safe%/*}
    done
}
