# dnf ends a simulation with the same code as a failure; what it prints tells them apart. Its own index is used as it
# is, so that looking fetches nothing; a scratch index is fetched and thrown away.
whose=$1
shift
scratch=
cache=--cacheonly
if [ "$whose" = scratch ]; then
    scratch=$(mktemp -d) || return
    cache=--setopt=cachedir=$scratch
fi
simulate() {
    verb=$1
    shift
    for word do
        shift
        case $verb$word in
        install-*) ;;
        install*) set -- "$@" "$word" ;;
        remove-*) set -- "$@" "${word#-}" ;;
        esac
    done
    [ "$#" -gt 0 ] || return 0
    dnf --assumeno "$cache" --setopt=install_weak_deps=False --setopt=clean_requirements_on_remove=False \
        --setopt=exit_on_lock=True $erasing "$verb" "$@" 2>&1
}
erasing=--allowerasing
simulate install "$@"
erasing=
simulate remove "$@"
[ -z "$scratch" ] || rm -rf "$scratch"
rpm -qa --qf 'installed\t%{NAME}\t%{EVR}\n' 2>/dev/null
