//! Bringing machines into shape, and taking them away.

use std::sync::Arc;

use harmony_capabilities::virtualization::{Acceleration, CpuMode, Firmware, Power, VmSpec};
use harmony_phases::ownership::Mark;
use harmony_phases::score::{ChangeEffect, ValidationReport};
use harmony_phases::{Context, Outcome};

use super::super::custody::{admit, keep};
use super::super::drift::Drift;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::{DomainRow, Undefine};
use super::super::reads::DomainSeen;
use super::super::xml::{self, Domain, Metadata};
use super::build::{fresh, wanted};
use super::drift::{compare, has_agent, same_machine};
use super::seed::SeedSeen;
use super::sources::Sources;
use super::update::{rebuilt, updated};

/// What a look at a machine came to.
enum Seen {
    Blocked(String),
    Missing { kind: String, sources: Sources, seed: SeedSeen },
    There(Box<There>),
}

struct There {
    row: Arc<DomainSeen>,
    found: Domain,
    kind: String,
    sources: Sources,
    drift: Drift,
    work: Work,
    pending: bool,
}

/// What has to be done to a machine that is there.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing to do, independent of the rest"
)]
struct Work {
    redefine: bool,
    seed: bool,
    balloon: bool,
    autostart: Option<bool>,
    start: bool,
}

impl Libvirt {
    /// Looks at a machine and says what bringing it into shape would do.
    pub(crate) async fn plan_machine(
        &self,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<ValidationReport, LibvirtError> {
        match self.see_machine(mark, spec).await? {
            Seen::Blocked(why) => Ok(ValidationReport::blocked(why)),
            Seen::Missing { sources, .. } => self.plan_new_machine(spec, &sources).await,
            Seen::There(there) => {
                let report = there.drift.into_report();
                Ok(if there.pending {
                    report.note("it runs with an older definition until it next starts")
                } else {
                    report
                })
            }
        }
    }

    async fn plan_new_machine(
        &self,
        spec: &VmSpec,
        sources: &Sources,
    ) -> Result<ValidationReport, LibvirtError> {
        let mut report = ValidationReport::will_create();
        let missing = sources.missing_pools();
        for pool in &missing {
            report = report.precondition(format!("pool {pool} is there"));
        }
        if missing.is_empty()
            && let Some(volume) = self.missing_volume(spec).await?
        {
            report = report.precondition(format!("volume {volume} is there"));
        }
        if let Some(network) = self.missing_network(spec).await? {
            report = report.precondition(format!("network {network} is there"));
        }
        Ok(report)
    }

    /// Brings a machine into shape; `start` says whether the spec's wish for power counts.
    pub(crate) async fn shape_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
        start: bool,
    ) -> Result<Outcome, LibvirtError> {
        let name = spec.name.as_str();
        match self.see_machine(mark, spec).await? {
            Seen::Blocked(why) => Err(self.blocked(["change machine ", name].concat(), why)),
            Seen::Missing { kind, sources, seed } => {
                self.check_parts(spec, &sources).await?;
                let text = xml::write("a domain", &fresh(spec, mark, &kind, &sources))?;
                let work = Work {
                    seed: seed == SeedSeen::Stale,
                    autostart: spec.autostart.filter(|it| *it),
                    start: start && spec.power == Power::Running,
                    ..Work::default()
                };
                self.carry_out(ctx, spec, work, Some(text)).await?;
                Ok(Outcome::success(format!("machine {name} created")))
            }
            Seen::There(there) => self.change_machine(ctx, mark, spec, *there, start).await,
        }
    }

    async fn change_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
        there: There,
        start: bool,
    ) -> Result<Outcome, LibvirtError> {
        let name = spec.name.as_str();
        let There { row, found, kind, sources, drift, mut work, .. } = there;
        work.start &= start;
        let only_start = !start && !work.redefine && !work.seed && !work.balloon;
        if drift.is_empty() || (only_start && work.autostart.is_none()) {
            return Ok(Outcome::noop(format!("machine {name} is as wanted")));
        }
        if work.redefine || work.start {
            self.check_parts(spec, &sources).await?;
        }
        let text = if !work.redefine {
            None
        } else if same_board(&found, spec) {
            Some(updated(&row.defined, &found, wanted(spec, mark, &kind, &sources), spec)?)
        } else {
            Some(rebuilt(&found, fresh(spec, mark, &kind, &sources))?)
        };
        self.carry_out(ctx, spec, work, text).await?;
        if work.seed && work.redefine {
            self.remove_seeds(ctx, mark, &found, spec.seed_volume().as_ref()).await?;
        }
        let outcome = Outcome::success(format!("machine {name} updated"));
        Ok(if work.redefine && row.active {
            outcome.detail("used when the machine next starts")
        } else {
            outcome
        })
    }

    async fn carry_out(
        &self,
        ctx: &Context,
        spec: &VmSpec,
        work: Work,
        text: Option<String>,
    ) -> Result<(), LibvirtError> {
        let name = spec.name.as_str();
        if work.seed {
            self.write_seed(ctx, spec).await?;
        }
        if let Some(text) = text {
            self.change(ctx, "define domain", name, move |link, acting, _| {
                link.define_domain(acting, &text)
            })
            .await?;
        }
        if let Some(autostart) = work.autostart {
            self.change(ctx, "set autostart of domain", name, move |link, acting, name| {
                link.autostart_domain(acting, name, autostart)
            })
            .await?;
        }
        if work.balloon {
            let kib = spec.memory.as_kib_ceil();
            self.change(ctx, "set memory of domain", name, move |link, acting, name| {
                link.set_domain_memory(acting, name, kib)
            })
            .await?;
        }
        if work.start {
            self.boot(ctx, name).await?;
        }
        Ok(())
    }

    /// Says what taking a machine away would do.
    pub(crate) async fn plan_machine_removal(
        &self,
        mark: &Mark,
        name: &str,
    ) -> Result<ValidationReport, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else {
            return Ok(ValidationReport::already_applied());
        };
        let found: Domain = xml::read("a domain", &row.defined)?;
        Ok(match keep(&called(name), mark_of(&found), &mark.site) {
            Some(why) => ValidationReport::blocked(why),
            None => ValidationReport::will_delete().note("its disks stay"),
        })
    }

    /// Powers off and undefines a machine of ours; its disks stay.
    pub(crate) async fn take_machine_away(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &str,
    ) -> Result<Outcome, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else {
            return Ok(Outcome::noop(format!("machine {name} is not there")));
        };
        let found: Domain = xml::read("a domain", &row.defined)?;
        if let Some(why) = keep(&called(name), mark_of(&found), &mark.site) {
            return Ok(Outcome::left_in_place(why));
        }
        if row.active {
            self.pull_the_plug(ctx, name).await?;
        }
        self.undefine(ctx, name, Undefine { nvram: true }).await?;
        self.remove_seeds(ctx, mark, &found, None).await?;
        Ok(Outcome::success(format!("machine {name} removed; its disks stay")))
    }

    async fn see_machine(&self, mark: &Mark, spec: &VmSpec) -> Result<Seen, LibvirtError> {
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

    /// Everything a machine is made of must be there before it is defined.
    async fn check_parts(&self, spec: &VmSpec, sources: &Sources) -> Result<(), LibvirtError> {
        let missing = if let Some(pool) = sources.missing_pools().first() {
            format!("pool `{pool}`")
        } else if let Some(volume) = self.missing_volume(spec).await? {
            format!("volume `{volume}`")
        } else if let Some(network) = self.missing_network(spec).await? {
            format!("network `{network}`")
        } else {
            return Ok(());
        };
        let what = format!("define machine {}", spec.name);
        let remedy = "correct its name, or bring it about in an earlier step";
        Err(self.not_there(what, format!("{missing} is not there")).remedy(remedy))
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

fn called(name: &str) -> String {
    format!("machine `{name}`")
}

fn mark_of(found: &Domain) -> Option<Mark> {
    found.metadata.as_ref().and_then(Metadata::mark)
}

fn same_board(found: &Domain, spec: &VmSpec) -> bool {
    let now = found.os.kind.machine.as_deref().unwrap_or_default();
    spec.machine.is_none_or(|wanted| {
        same_machine(
            now,
            match wanted {
                harmony_capabilities::virtualization::Machine::Pc => "pc",
                harmony_capabilities::virtualization::Machine::Q35 => "q35",
            },
        )
    })
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
