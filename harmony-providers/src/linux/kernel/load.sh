system=$1 name=$2 mark=$3 text=$4 boot=$5 load=$6 extra=$7 options=$8
[ -d "$system/$name" ] || modprobe -n -q "$name" ||
    refuse "$NOT_FOUND" "the running kernel $(uname -r) has no module $name"
mark_put "$mark" "$text" || exit
if [ -n "$options" ]; then
    put_file "$extra" "$options" || exit
else
    drop_files "$extra" || exit
fi
put_file "$boot" "$load" || exit
[ -d "$system/$name" ] || modprobe "$name"
