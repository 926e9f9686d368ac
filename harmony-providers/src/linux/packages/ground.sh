# What the files and folders "$@" behind the first word are like now, all in a number; `unmoved` says whether the first
# word is the same.
known=$1
shift
ground=$(find "$@" -exec stat -c '%n %i %s %z' {} + 2>/dev/null | cksum)
unmoved=no
[ -z "$ground" ] || [ "$ground" != "$known" ] || unmoved=yes
echo "$ground"
