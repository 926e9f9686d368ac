# Keeps a virtual machine on for as long as standard input is open; whoever ends this ends everything at once.
# $1 is the image of its disk, $2 the socket by which the machine has it; the rest is what emulates the machine.
set -eu
image=$1 socket=$2
shift 2
# A disk with a cache of its own: what the machine has not flushed is here only, and goes with the power.
TMPDIR=${image%/*} nbdkit --foreground --unix "$socket" --filter=cache file "$image" cache=writeback </dev/null &
until [ -S "$socket" ]; do kill -0 $!; done
"$@" </dev/null &
cat >/dev/null
