whose=$1
shift
scratch=
set -- install --dry-run --no-recommends --oldpackage --name -- "$@"
if [ "$whose" = scratch ]; then
    scratch=$(mktemp -d) || return
    set -- --cache-dir "$scratch" "$@"
else
    set -- --no-refresh "$@"
fi
zypper --non-interactive --xmlout "$@" 2>/dev/null
code=$?
[ -z "$scratch" ] || rm -rf "$scratch"
return "$code"
