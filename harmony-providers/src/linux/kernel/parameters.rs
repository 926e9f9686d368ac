use std::collections::HashMap;

use harmony_capabilities::host::{SysctlKey, SysctlState};

use super::setting;
use crate::linux::Surroundings;
use crate::linux::marks::{Marked, Marks};
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// How a kernel parameter stands; files tell everything.
#[derive(Debug)]
pub(in crate::linux) struct Parameters;

impl Parameters {
    /// The file through which the kernel tells and takes its value.
    pub(super) fn kernel_file(host: &Surroundings, key: &SysctlKey) -> String {
        host.places.at(&format!("/proc/sys/{}", key.as_str().replace('.', "/")))
    }

    /// The file that sets it when the host starts, after those of the distribution.
    pub(super) fn boot_file(host: &Surroundings, key: &SysctlKey) -> String {
        host.places.at(&format!("/etc/sysctl.d/90-harmony-{key}.conf"))
    }
}

impl Kind for Parameters {
    type Key = SysctlKey;
    type Answer = SysctlState;

    fn render(keys: &[SysctlKey], host: &Surroundings, script: &mut Script) {
        for key in keys {
            script.file(Self::kernel_file(host, key));
            script.file(Self::boot_file(host, key));
            script.file(host.marks.path(Marked::Parameter, key.as_str()));
        }
    }

    fn parse(
        keys: &[SysctlKey],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<SysctlKey, SysctlState>, Malformed> {
        let state = |key: &SysctlKey| {
            let value = said.file(&Self::kernel_file(host, key)).map(String::from_utf8_lossy);
            let at_boot = setting(said.file(&Self::boot_file(host, key)));
            let mark = said.file(&host.marks.path(Marked::Parameter, key.as_str()));
            SysctlState {
                value: value.map(|value| single_spaced(&value)),
                at_boot: at_boot.and_then(|line| value_of(&line, key)),
                mark: Marks::read(key.as_str(), mark),
            }
        };
        Ok(keys.iter().map(|key| (key.clone(), state(key))).collect())
    }
}

/// The words of a value with one space between them: the kernel puts tabs there.
pub(super) fn single_spaced(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads `KEY = VALUE`.
fn value_of(line: &str, wanted: &SysctlKey) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    (key.trim() == wanted.as_str()).then(|| single_spaced(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_single_spaces() {
        assert_eq!(single_spaced("4096\t16384\t4194304\n"), "4096 16384 4194304");
        let key = "net.ipv4.tcp_rmem".parse().unwrap();
        assert_eq!(value_of("net.ipv4.tcp_rmem = 1\t2  3", &key).unwrap(), "1 2 3");
        assert_eq!(value_of("net.ipv4.tcp_wmem = 1", &key), None);
    }
}
