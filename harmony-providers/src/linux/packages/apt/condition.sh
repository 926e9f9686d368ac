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
# Half installed, half configured, unpacked, or to be installed again; and what dpkg has not yet taken over.
for update in /var/lib/dpkg/updates/[0-9]*; do
    [ ! -e "$update" ] || echo cut
done
dpkg-query -W -f '${db:Status-Abbrev}\n' 2>/dev/null | grep -q '^.[FHU]\|R$' && echo cut
:
