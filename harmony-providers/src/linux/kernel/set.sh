kernel=$1 mark=$2 text=$3 boot=$4 line=$5 value=$6
[ -e "$kernel" ] || refuse "$NOT_FOUND" "the running kernel $(uname -r) has no such parameter: is a module missing?"
# First of all, so that a value that the kernel does not take never waits for the next start.
printf '%s\n' "$value" | cat >"$kernel" || exit
mark_put "$mark" "$text" || exit
put_file "$boot" "$line"
