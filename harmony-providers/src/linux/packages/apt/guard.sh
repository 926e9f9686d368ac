{
    read -r hello && read -r end || exit
    printf "%s\n\n" "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"version\":\"0.1\"}}" >&"$APT_HOOK_SOCKET"
    told=$(grep -F "\"org.debian.apt.hooks.install.pre-prompt\"") || exit 0
    for name in $HARMONY_ASKED; do
        case $told in
        *"\"name\":\"$name\""*) ;;
        *)
            echo "apt sees nothing to install in $name" >&2
            exit 1
            ;;
        esac
    done
} <&"$APT_HOOK_SOCKET"
