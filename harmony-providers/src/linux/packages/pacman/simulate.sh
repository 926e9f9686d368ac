whose=$1
shift
scratch=
base=/var/lib/pacman
if [ "$whose" = scratch ]; then
    scratch=$(mktemp -d) && ln -s /var/lib/pacman/local "$scratch/local" || return
    base=$scratch
    pacman -Sy --dbpath "$base" --noconfirm --noprogressbar >/dev/null 2>&1
fi
simulate() {
    verb=$1
    shift
    for word do
        shift
        case $verb$word in
        -S-*) ;;
        -S*) set -- "$@" "$word" ;;
        -R-*) set -- "$@" "${word#-}" ;;
        esac
    done
    [ "$#" -gt 0 ] || return 0
    pacman "$verb" --dbpath "$base" --print --print-format "$sign %n %v" "$@" 2>&1
}
sign=- simulate -R "$@" && sign=+ simulate -S "$@"
code=$?
[ -z "$scratch" ] || rm -rf "$scratch"
pacman -Q 2>/dev/null | sed 's/^/installed /'
return "$code"
