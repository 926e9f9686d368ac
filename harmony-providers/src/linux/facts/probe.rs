use std::time::SystemTime;

use harmony_capabilities::host::{Facts, HostError, HostErrorKind};

use super::clock::Span;
use super::read;
use crate::linux::reads::{Looker, Malformed, Script};

/// The files that tell what a host is, wherever they are.
pub(super) const FILES: [&str; 17] = [
    "/etc/os-release",
    "/etc/passwd",
    "/proc/1/comm",
    "/proc/1/environ",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/net/fib_trie",
    "/proc/net/if_inet6",
    "/proc/net/route",
    "/proc/self/status",
    "/proc/sys/kernel/arch",
    "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/osrelease",
    "/run/systemd/container",
    "/sys/devices/system/cpu/online",
    "/sys/class/dmi/id/sys_vendor",
    "/usr/lib/os-release",
];

/// And those whose names the host knows.
const PATTERNS: [&str; 3] =
    ["/sys/block/*/size", "/sys/class/net/*/address", "/sys/class/dmi/id/product_name"];

/// Looks at a host.
pub(in crate::linux) async fn probe(looker: &Looker) -> Result<Facts, HostError> {
    let malformed = |why: Malformed| {
        HostError::new(HostErrorKind::Malformed, "find out what the host is")
            .at(looker.place())
            .remedy("see that it is a Linux host with /proc, /sys and a POSIX shell")
            .caused_by(why)
    };
    let script = script();
    let command = script.command().map_err(malformed)?;
    let before = SystemTime::now();
    let output = looker.look(&command).await?;
    let around = Span { before, after: SystemTime::now() };
    let said = script.read(&output.stdout.bytes).map_err(|why| malformed(why.heard(&output)))?;
    read::facts(&said, around).map_err(malformed)
}

pub(super) fn script() -> Script {
    let mut script = Script::new().following_links();
    script.section("look", include_str!("look.sh"), [""; 0]);
    // In a section of its own: a host without it is asked for /proc/net instead.
    script.section(
        "addresses",
        "! command -v ip >/dev/null 2>&1 || ip -o addr show 2>/dev/null",
        [""; 0],
    );
    for path in FILES {
        script.file(path);
    }
    for pattern in PATTERNS {
        script.pattern(pattern);
    }
    script
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::host::{Architecture, ClockSkew};

    use crate::linux::testing::{Host, Shell};

    #[tokio::test]
    async fn every_shell_tells_the_same() {
        let mut told = Vec::new();
        for shell in Shell::ALL {
            let mut facts = Host::under(shell).await.linux.facts().clone();
            assert!(facts.processors > 0 && facts.memory.as_bytes() > 0, "{facts:?}");
            assert!(facts.free_disk.as_bytes() > 0, "{facts:?}");
            assert_ne!(facts.distribution.id, "linux", "{facts:?}");
            assert!(!facts.login.name.is_empty(), "{facts:?}");
            // What may differ from one moment to the next, and what busybox's `ip` shows otherwise.
            facts.free_disk = facts.memory;
            facts.interfaces.iter_mut().for_each(|card| card.addresses.sort());
            told.push(facts);
        }
        assert_eq!(told[0].clock_ahead, ClockSkew::default());
        assert_eq!(told[2], told[0]);
        // Busybox runs with its own tools only: no systemd-detect-virt and no apt-get.
        assert_eq!(told[1].package_tool, None);
        told[1].package_tool = told[0].package_tool;
        told[1].machine = told[0].machine.clone();
        assert_eq!(told[1], told[0]);
    }

    #[tokio::test]
    async fn the_architecture_is_ours() {
        let facts = Host::under(Shell::Dash).await.linux.facts().clone();
        let ours = std::env::consts::ARCH;
        match facts.architecture {
            Architecture::Aarch64 => assert_eq!(ours, "aarch64"),
            Architecture::X86_64 => assert_eq!(ours, "x86_64"),
            Architecture::Other(name) => assert!(name.starts_with(&ours[..3]), "{name}"),
        }
    }
}
