use std::time::Duration;

use harmony_capabilities::host::{Architecture, Facts, InitSystem, KvmReadiness};
use harmony_phases::{BoxError, inventory::Host};
use serde::Serialize;

use super::table::Table;

/// A clock that is further from ours breaks certificates and logs.
const TOLERABLE: Duration = Duration::from_secs(30);

/// What came of contacting one host.
#[derive(Debug, Serialize)]
pub(crate) struct Contact {
    pub(crate) host: Host,
    pub(crate) facts: Option<Facts>,
    /// Why it cannot be reached; the whole chain of causes.
    pub(crate) error: Option<String>,
}

impl Contact {
    pub(crate) fn new(host: Host, found: Result<Option<Facts>, BoxError>) -> Self {
        let (facts, error) = match found {
            Ok(facts) => (facts, None),
            Err(error) => (None, Some(chain(&*error))),
        };
        Self { host, facts, error }
    }

    pub(crate) const fn reached(&self) -> bool {
        self.error.is_none()
    }

    /// What is wrong, as far as a first look tells.
    fn wrong(&self) -> String {
        match (&self.error, &self.facts) {
            (Some(error), _) => error.clone(),
            (None, Some(facts)) => wrong_with(facts).join("; "),
            (None, None) => String::new(),
        }
    }
}

/// The table of first contact.
pub(crate) fn table(contacts: &[Contact]) -> Table {
    let titles = ["host", "address", "reached", "distribution", "arch", "kvm", "memory", "wrong"];
    let mut table = Table::with_columns(titles);
    for contact in contacts {
        let of = |tell: fn(&Facts) -> String| contact.facts.as_ref().map(tell).unwrap_or_default();
        table.row([
            contact.host.name.to_string(),
            contact.host.address.to_string(),
            if contact.reached() { "yes" } else { "no" }.to_owned(),
            of(distribution),
            of(architecture),
            of(kvm),
            of(memory),
            contact.wrong(),
        ]);
    }
    table
}

fn distribution(facts: &Facts) -> String {
    let distribution = &facts.distribution;
    let version = distribution.version.as_deref().unwrap_or_default();
    format!("{} {version}", distribution.id).trim_end().to_owned()
}

/// To a tenth of a GiB: a kernel keeps some of its memory to itself, so no host has a round number.
fn memory(facts: &Facts) -> String {
    let tenths = facts.memory.as_bytes() * 10 / (1 << 30);
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

fn architecture(facts: &Facts) -> String {
    match &facts.architecture {
        Architecture::Aarch64 => "aarch64".to_owned(),
        Architecture::Other(name) => name.clone(),
        Architecture::X86_64 => "x86_64".to_owned(),
    }
}

fn kvm(facts: &Facts) -> String {
    match &facts.kvm {
        KvmReadiness::ModuleMissing => "no module",
        KvmReadiness::NoExtension => "no",
        KvmReadiness::Ready => "yes",
        KvmReadiness::Unusable(_) => "unusable",
    }
    .to_owned()
}

fn wrong_with(facts: &Facts) -> Vec<String> {
    let mut wrong = Vec::new();
    if let InitSystem::Other(name) = &facts.init {
        wrong.push(format!("its services are run by {name}, not by systemd"));
    }
    if facts.package_tool.is_none() {
        wrong.push("nothing that we know installs its packages".to_owned());
    }
    if let KvmReadiness::Unusable(why) = &facts.kvm {
        wrong.push(format!("/dev/kvm cannot be used: {why}"));
    }
    if facts.clock_ahead.by > TOLERABLE {
        wrong.push(format!("its clock is {} ours", facts.clock_ahead));
    }
    wrong
}

/// The whole chain of causes in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
