home=$1 user=$2 size=$3 old=$4
# The folder is the user's, who may put anything in its place at any time. So we go there, see where we are, and
# work from within: what happens to the path afterwards no longer matters.
[ -d "$home" ] || refuse "$NOT_FOUND" "user $user has no home directory $home: make it first"
cd -P "$home" || exit
here=$(pwd -P)
umask 077
if [ ! -e .ssh ] && [ ! -L .ssh ]; then
    mkdir .ssh && chown -h "$user:" .ssh || exit
fi
cd -P .ssh || exit
[ "$(pwd -P)" = "${here%/}/.ssh" ] ||
    refuse "$BLOCKED" "$home/.ssh is a symbolic link: make it a directory of the user's"
bits=$(stat -c %f .) || exit
[ "$((0x$bits & 2))" -eq 0 ] || refuse "$BLOCKED" "everybody may write to $home/.ssh: take that right away"
[ ! -L authorized_keys ] ||
    refuse "$BLOCKED" "$home/.ssh/authorized_keys is a symbolic link: make it a file of the user's"
now=
if [ -e authorized_keys ]; then
    now=$(sha256sum <authorized_keys) || exit
    now=${now%% *}
fi
[ "$now" = "$old" ] || refuse 1 "somebody else changed $home/.ssh/authorized_keys in the meantime: run again"
rm -f ./.harmony.*
hold_new "./.harmony.$$"
if [ -n "$old" ]; then
    hold_as authorized_keys
else
    chown "$user:" "$file" || give_up
fi
fill_new "$size"
mv -f "$new" authorized_keys || give_up
settle .
relabel . authorized_keys
