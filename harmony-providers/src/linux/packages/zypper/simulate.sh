# A name after a plus is released by the change: a simulation leaves it out of a copy of the list of locks.
whose=$1
shift
solv=/var/cache/zypp/solv
if [ "$whose" = host ] && [ -z "$(ls $solv 2>/dev/null | grep -v '^@System$')" ]; then
    # zypper would fetch an index now, and looking fetches nothing.
    echo '<stream><message type="error">There is no index yet: not found.</message></stream>'
    return 104
fi
released=' '
for word do
    shift
    case $word in
    +*) released="$released${word#+} " ;;
    *) set -- "$@" "$word" ;;
    esac
done
folder=$(mktemp -d) || return
set -- install --dry-run --no-recommends --oldpackage --name -- "$@"
if [ "$whose" = scratch ]; then
    set -- --cache-dir "$folder/cache" "$@"
else
    set -- --no-refresh "$@"
fi
if [ "$released" != ' ' ] && [ -e /etc/zypp/locks ]; then
    awk -v released="$released" 'BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" }
        { keep = 1; for (i = 1; i <= NF; i++) if ($i ~ /^solvable_name: /) keep = !index(released, " " substr($i, 16) " ") }
        keep' /etc/zypp/locks >"$folder/locks"
    {
        if [ -e /etc/zypp/zypp.conf ]; then cat /etc/zypp/zypp.conf; else echo '[main]'; fi
        echo "locksfile.path = $folder/locks"
    } >"$folder/zypp.conf"
    ZYPP_CONF=$folder/zypp.conf zypper --non-interactive --xmlout "$@" 2>/dev/null
else
    zypper --non-interactive --xmlout "$@" 2>/dev/null
fi
code=$?
rm -rf "$folder"
return "$code"
