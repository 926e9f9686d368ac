//! Looking at a machine: whose it is, how it differs, and what has to be done.

use std::sync::Arc;

use harmony_capabilities::virtualization::{Acceleration, CpuMode, Firmware, Power, VmSpec};
use harmony_phases::ownership::Mark;
use harmony_phases::score::ChangeEffect;

use super::super::custody::admit;
use super::super::drift::Drift;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::DomainRow;
use super::super::reads::DomainSeen;
use super::super::xml::{self, Domain, Metadata};
use super::build::wanted;
use super::drift::{compare, has_agent};
use super::seed::SeedSeen;
use super::sources::Sources;

/// What a look at a machine came to.
pub(super) enum Seen {
    Blocked(String),
    Missing { kind: String, sources: Sources, seed: SeedSeen },
    There(Box<There>),
}

/// A machine that is there, and what is to be done to it.
pub(super) struct There {
    pub(super) row: Arc<DomainSeen>,
    pub(super) found: Domain,
    pub(super) kind: String,
    pub(super) sources: Sources,
    pub(super) drift: Drift,
    pub(super) work: Work,
    pub(super) pending: bool,
}

/// What has to be done to a machine that is there.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing to do, independent of the rest"
)]
pub(super) struct Work {
    pub(super) redefine: bool,
    pub(super) seed: bool,
    pub(super) balloon: bool,
    pub(super) autostart: Option<bool>,
    pub(super) start: bool,
}

impl Libvirt {
    pub(super) async fn see_machine(
        &self,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<Seen, LibvirtError> {
        let mark = &mark.clone().protect(spec.custody.protect);
        let row = self.reads().domain(spec.name.as_str()).await?;
        let found = row.as_ref().map(|row| row.model().cloned()).transpose()?;
        let kind = match self.kind_for(spec, found.as_ref()).await? {
            Ok(kind) => kind,
            Err(why) => return Ok(Seen::Blocked(why)),
        };
        let sources = self.sources(spec).await?;
        let seed = self.see_seed(mark, spec).await?;
        if let SeedSeen::Blocked(why) = seed {
            return Ok(Seen::Blocked(why));
        }
        let (Some(row), Some(found)) = (row, found) else {
            return Ok(Seen::Missing { kind, sources, seed });
        };
        let mut drift = Drift::default();
        let what = called(spec.name.as_str());
        if let Err(why) = admit(&what, mark_of(&found), mark, spec.custody, &mut drift) {
            return Ok(Seen::Blocked(why));
        }
        if let Some(why) = other_firmware(&found, spec) {
            return Ok(Seen::Blocked(why));
        }
        let (work, pending) =
            judge(&row, &found, &wanted(spec, mark, &kind, &sources), spec, &seed, &mut drift)?;
        Ok(Seen::There(Box::new(There { row, found, kind, sources, drift, work, pending })))
    }

    /// The kind of domain: what the spec or the provider says, else what it is, else the best.
    async fn kind_for(
        &self,
        spec: &VmSpec,
        found: Option<&Domain>,
    ) -> Result<Result<String, String>, LibvirtError> {
        let facts = self.facts().await?;
        let said = match (spec.acceleration, self.acceleration()) {
            (Acceleration::Auto, provider) if found.is_none() => provider,
            (spec, _) => spec,
        };
        let hardware = match said {
            Acceleration::Auto => None,
            Acceleration::Kvm => Some(true),
            Acceleration::Tcg => Some(false),
        };
        let kept = found.filter(|it| hardware.is_none() && facts.runs(&it.kind));
        let kind = match kept {
            Some(found) => found.kind.clone(),
            None => match facts.kind(hardware) {
                Ok(kind) => kind.to_owned(),
                Err(why) => return Ok(Err(why)),
            },
        };
        if spec.firmware == Some(Firmware::Uefi) && !facts.has_uefi(&kind) {
            let why = "this host has no UEFI firmware for machines: `sudo apt-get install ovmf`";
            return Ok(Err(why.into()));
        }
        if spec.cpu == Some(CpuMode::HostPassthrough)
            && !facts.has_cpu_mode(&kind, "host-passthrough")
        {
            let why = "an emulated processor cannot be the host's own: choose cpu host-model or \
                       maximum, or make KVM work";
            return Ok(Err(why.into()));
        }
        Ok(Ok(kind))
    }
}

/// Compares definition, seed and power with what is wanted.
fn judge(
    row: &DomainRow,
    found: &Domain,
    wanted: &Domain,
    spec: &VmSpec,
    seed: &SeedSeen,
    drift: &mut Drift,
) -> Result<(Work, bool), LibvirtError> {
    let effect = if row.active { ChangeEffect::AfterRestart } else { ChangeEffect::Live };
    drift.extend(compare(found, wanted, effect));
    if spec.guest_agent == Some(false) && has_agent(found) {
        drift.differs("guest_agent", true, false, effect);
    }
    let mut work = Work { redefine: !drift.is_empty(), ..Work::default() };
    let live: Option<Domain> =
        row.live.as_ref().map(|text| xml::read("a domain", text)).transpose()?;
    let pending = live.as_ref().is_some_and(|live| is_older(live, found));
    if let Some(live) = &live
        && !pending
        && !work.redefine
        && let Some(now) = ballooned(live)
    {
        work.balloon = true;
        drift.differs("memory", now, spec.memory, ChangeEffect::Live);
    }
    if *seed == SeedSeen::Stale {
        work.seed = true;
        drift.differs("cloud_init", "another seed", "the seed of this spec", effect);
    }
    if let Some(autostart) = spec.autostart.filter(|it| *it != row.autostart) {
        work.autostart = Some(autostart);
        drift.differs("autostart", row.autostart, autostart, ChangeEffect::Live);
    }
    if spec.power == Power::Running && !row.active {
        work.start = true;
        drift.differs("power", "off", "running", ChangeEffect::Live);
    }
    Ok((work, pending))
}

/// Whether a running machine was started before its definition last changed in size.
fn is_older(live: &Domain, defined: &Domain) -> bool {
    let shape = |it: &Domain| {
        let devices = (it.devices.disks.len(), it.devices.interfaces.len());
        (it.memory.in_bytes(1 << 10), it.vcpu.count, devices)
    };
    shape(live) != shape(defined)
}

/// What a running machine has, where that is less than it was started with.
fn ballooned(live: &Domain) -> Option<harmony_types::ByteSize> {
    let now = live.current_memory.as_ref()?.in_bytes(1 << 10)?;
    (Some(now) != live.memory.in_bytes(1 << 10)).then(|| harmony_types::ByteSize::bytes(now))
}

/// A system that was installed under one firmware does not start under the other.
fn other_firmware(found: &Domain, spec: &VmSpec) -> Option<String> {
    let wanted = spec.firmware?;
    let uefi = found.os.firmware.as_deref() == Some("efi")
        || found.os.loader.as_ref().is_some_and(|it| it.kind.as_deref() == Some("pflash"));
    let now = if uefi { Firmware::Uefi } else { Firmware::Bios };
    (now != wanted).then(|| {
        format!(
            "machine `{}` has {now:?} firmware, and what is installed on it would not start under \
             {wanted:?}: remove the machine first, or leave its firmware as it is",
            spec.name
        )
    })
}

/// A machine, in a sentence.
pub(super) fn called(name: &str) -> String {
    format!("machine `{name}`")
}

/// The mark that a machine carries.
pub(super) fn mark_of(found: &Domain) -> Option<Mark> {
    found.metadata.as_ref().and_then(Metadata::mark)
}
