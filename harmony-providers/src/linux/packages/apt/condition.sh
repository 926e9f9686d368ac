# The youngest of: the stamp of the last refresh, the folder of the index, where it is written to.
newest=
for stamp in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists /var/lib/apt/lists/partial; do
    time=$(stat -c %Y "$stamp" 2>/dev/null) || continue
    [ -n "$newest" ] && [ "$newest" -ge "$time" ] || newest=$time
done
set -- /var/lib/apt/lists/*_Packages* /var/lib/apt/lists/*Release
if [ -z "$newest" ] || { [ ! -e "$1" ] && [ ! -e "$2" ]; }; then
    echo 'age none'
else
    echo "age $(($(date +%s) - newest))"
fi
# A list that is not as long as its source says: it was not on the disk yet when the power went. apt takes it as it is.
for release in /var/lib/apt/lists/*Release; do
    for list in "${release%_*}"_*_Packages; do
        [ -e "$list" ] || continue
        awk -v name="${list#"${release%_*}_"}" -v length_there="$(stat -c %s "$list")" '
            { path = $3; gsub("/", "_", path) }
            path == name && $2 != length_there { print "damaged"; exit }' "$release"
    done
done
# Half installed, half configured, unpacked, or to be installed again; and what dpkg has not yet taken over.
for update in /var/lib/dpkg/updates/[0-9]*; do
    [ ! -e "$update" ] || echo cut
done
dpkg-query -W -f '${db:Status-Abbrev}\n' 2>/dev/null | grep -q '^.[FHU]\|R$' && echo cut
:
