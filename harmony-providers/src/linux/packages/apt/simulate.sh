[ "${unmoved:-no}" = no ] || return 0
whose=$1
shift
set -- --quiet --simulate "$@"
scratch=
if [ "$whose" = scratch ]; then
    scratch=$(mktemp -d) && chmod 0755 "$scratch" || return
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" || return
    set -- -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/cache" "$@"
    apt-get --quiet -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/cache" \
        -o APT::Update::Error-Mode=any update 2>&1
fi
apt-get "$@" 2>&1
code=$?
[ -z "$scratch" ] || rm -rf "$scratch"
return "$code"
