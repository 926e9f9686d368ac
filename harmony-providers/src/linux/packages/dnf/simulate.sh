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
# What is released by the change is not in its way; what else is held shows when the change is made.
holding=
for word do
    case $word in +*) holding=--disableplugin=versionlock ;; esac
done
simulate() {
    verb=$1
    shift
    for word do
        shift
        case $verb$word in
        install-* | install+* | remove+*) ;;
        install*) set -- "$@" "$word" ;;
        remove-*) set -- "$@" "${word#-}" ;;
        esac
    done
    [ "$#" -gt 0 ] || return 0
    dnf --assumeno "$cache" --setopt=install_weak_deps=False --setopt=clean_requirements_on_remove=False \
        --setopt=exit_on_lock=True $erasing $holding "$verb" "$@" 2>&1
}
erasing=--allowerasing
simulate install "$@"
erasing=
simulate remove "$@"
[ -z "$scratch" ] || rm -rf "$scratch"
rpm -qa --qf 'installed\t%{NAME}\t%{EVR}\n' 2>/dev/null
