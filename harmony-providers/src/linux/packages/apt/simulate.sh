# `--print-uris` ends before anything is changed, without a lock, and what apt is about to do it has told its hooks by
# then (apt's doc/json-hooks-protocol.md). `--simulate` goes on, and through all known packages for each that would come.
# The cache that it makes of the index grows to twice the size that it begins with, which copies it over and over.
[ "${unmoved:-no}" = no ] || return 0
whose=$1
shift
echo "native $(dpkg --print-architecture)"
hook='{
    read -r hello && read -r end || exit
    printf "%s\n\n" "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"version\":\"0.1\"}}" >&"$APT_HOOK_SOCKET"
    echo
    grep -F "\"org.debian.apt.hooks.install.pre-prompt\""
    :
} <&"$APT_HOOK_SOCKET"'
set -- --quiet --print-uris -o APT::Cache-Start=67108864 -o "AptCli::Hooks::Install::=$hook" "$@"
scratch=
if [ "$whose" = scratch ]; then
    scratch=$(mktemp -d) && chmod 0755 "$scratch" || return
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" || return
    set -- -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/cache" "$@"
    apt-get --quiet -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/cache" \
        -o APT::Update::Error-Mode=any update 2>&1
fi
said=$(apt-get "$@" 2>&1)
code=$?
[ -z "$scratch" ] || rm -rf "$scratch"
# Addresses stay there: they may have a password in them.
printf '%s\n' "$said" | grep -v "^'"
return "$code"
