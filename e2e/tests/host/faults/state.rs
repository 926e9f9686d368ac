//! What a promoted host is like, as far as two of them have to be alike.

use std::collections::BTreeSet;

use anyhow::Result;
use e2e::host::TestHost;

use super::bare::FOLDER;

/// Everything that a promotion brings about, one line each. What libvirt chooses at random is left out.
const LOOK: &str = r#"
dpkg-query -W -f 'package ${Package} ${Version} ${db:Status-Status}\n'
apt-mark showmanual | sed 's/^/asked for /'
for unit in libvirtd.service libvirtd.socket virtlogd.socket; do
    echo "unit $unit $(systemctl is-enabled $unit)"
done
getent group kvm libvirt libvirt-qemu | cut -d: -f1,4 | sed 's/^/group /'
virsh -q net-list --all | tr -s ' ' | sed 's/^/network/'
virsh -q pool-list --all | tr -s ' ' | sed 's/^/pool/'
virsh -q list --all | tr -s ' ' | sed 's/^/machine/'
virsh net-dumpxml nat | grep -v '<uuid>\|<mac address' | sed 's/^/nat: /'
virsh dumpxml idle | grep -v '<uuid>' | sed 's/^/idle: /'
cd "$1" && ls -A | sed 's/^/in the pool /' && sha256sum disk.img
find /var/lib/harmony -type f | while read -r mark; do echo "mark $mark $(cat "$mark")"; done
dpkg --audit
"#;

/// What was seen of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(BTreeSet<String>);

impl State {
    pub(super) fn of(host: &TestHost) -> Result<Self> {
        let said = host.run(&["sh", "-ec", LOOK, "sh", FOLDER])?;
        Ok(Self(said.lines().map(str::to_owned).collect()))
    }

    /// What only one of the two has.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let missing = self.0.difference(&other.0).map(|line| format!("missing: {line}"));
        let more = other.0.difference(&self.0).map(|line| format!("too much: {line}"));
        missing.chain(more).collect()
    }
}
