//! Bringing machines into shape.

use harmony_capabilities::virtualization::{Machine, Power, VmSpec};
use harmony_phases::ownership::Mark;
use harmony_phases::score::ValidationReport;
use harmony_phases::{Context, Outcome};

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::xml::{self, Domain};
use super::build::{fresh, wanted};
use super::drift::same_machine;
use super::look::{Seen, There, Work};
use super::seed::SeedSeen;
use super::sources::Sources;
use super::update::{rebuilt, updated};

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

fn same_board(found: &Domain, spec: &VmSpec) -> bool {
    let now = found.os.kind.machine.as_deref().unwrap_or_default();
    spec.machine.is_none_or(|wanted| {
        same_machine(
            now,
            match wanted {
                Machine::Pc => "pc",
                Machine::Q35 => "q35",
            },
        )
    })
}
