    for tool in apt-get dnf zypper pacman ip systemd-detect-virt; do
        ! command -v "$tool" >/dev/null 2>&1 || printf 'tool %s\n' "$tool"
    done
    printf 'sudo %s %s\n' "${SUDO_UID:-}" "${SUDO_USER:-}"
    printf 'name %s\n' "${LOGNAME:-${USER:-}}"
    [ ! -d /run/systemd/system ] || printf 'systemd\n'
    for kind in kvm kvm_intel kvm_amd; do
        [ ! -d "/sys/module/$kind" ] || printf 'module %s\n' "$kind"
    done
    [ ! -e /run/.containerenv ] || printf 'container podman\n'
    [ ! -e /.dockerenv ] || printf 'container docker\n'
    # A failed redirection of something that is no special builtin does not end the shell.
    if [ -e /dev/kvm ]; then
        printf 'kvm '
        { true <>/dev/kvm && printf 'opens\n'; } 2>&1
    fi
    [ -r /proc/sys/kernel/arch ] || printf 'arch %s\n' "$(uname -m)"
    if [ ! -r /run/systemd/container ] && command -v systemd-detect-virt >/dev/null 2>&1; then
        printf 'detected '
        systemd-detect-virt 2>/dev/null || :
    fi
    printf '\nfree '
    stat -f -c '%a %S' / 2>/dev/null || printf '\n'
    printf 'time '
    date '+%s.%N'
