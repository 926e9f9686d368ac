//! The verbs of a machine that is there.

use std::time::Duration;

use harmony_capabilities::virtualization::{self as role, ShutDown};
use harmony_phases::context::{Look, Waiting};
use harmony_phases::{Context, Outcome};

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::host::not_started;
use super::super::provider::Libvirt;
use super::super::raw::{Link, RawState, Undefine};
use super::super::xml::{self, Domain};

impl Libvirt {
    pub(super) async fn state(&self, name: &str) -> Result<RawState, LibvirtError> {
        let object = name.to_owned();
        let what = ["look at domain ", name].concat();
        self.connection().read(what, move |link| link.domain_state(&object)).await
    }

    pub(crate) async fn start(&self, ctx: &Context, name: &str) -> Result<Outcome, LibvirtError> {
        if is_on(self.state(name).await?) {
            return Ok(Outcome::noop(format!("machine {name} runs")));
        }
        self.boot(ctx, name).await?;
        Ok(Outcome::success(format!("machine {name} started")))
    }

    pub(super) async fn boot(&self, ctx: &Context, name: &str) -> Result<(), LibvirtError> {
        self.change(ctx, "start domain", name, Link::start_domain).await.map_err(not_started)
    }

    /// Asks the guest to shut down, once, and waits.
    pub(crate) async fn shut_down(
        &self,
        ctx: &Context,
        name: &str,
        deadline: Duration,
    ) -> Result<ShutDown, LibvirtError> {
        if !is_on(self.state(name).await?) {
            return Ok(ShutDown::Off);
        }
        let asked = self.change(ctx, "shut down domain", name, Link::shutdown_domain).await;
        match asked {
            // It went off between the look and the call.
            Err(error) if error.kind() == LibvirtErrorKind::Refused => {}
            answer => answer?,
        }
        let waiting = Waiting::until(format!("machine {name} is off"))
            .every(Duration::from_millis(500))
            .deadline(deadline);
        let waited = ctx
            .wait(waiting, || async {
                Ok::<_, LibvirtError>(match self.state(name).await? {
                    state if is_on(state) => Look::NotYet(format!("{state:?}")),
                    _ => Look::Seen(()),
                })
            })
            .await;
        match waited {
            Ok(()) => Ok(ShutDown::Off),
            Err(error) if error.kind() == LibvirtErrorKind::TimedOut => Ok(ShutDown::StillRunning),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn power_off(
        &self,
        ctx: &Context,
        name: &str,
    ) -> Result<Outcome, LibvirtError> {
        if !is_on(self.state(name).await?) {
            return Ok(Outcome::noop(format!("machine {name} is off")));
        }
        self.pull_the_plug(ctx, name).await?;
        Ok(Outcome::success(format!("machine {name} powered off")))
    }

    pub(super) async fn pull_the_plug(
        &self,
        ctx: &Context,
        name: &str,
    ) -> Result<(), LibvirtError> {
        let pulled = self.change(ctx, "power off domain", name, Link::power_off_domain).await;
        match pulled {
            // It went off between the look and the call.
            Err(error) if error.kind() == LibvirtErrorKind::Refused => Ok(()),
            answer => answer,
        }
    }

    pub(crate) async fn reset(&self, ctx: &Context, name: &str) -> Result<Outcome, LibvirtError> {
        self.change(ctx, "reset domain", name, Link::reset_domain).await?;
        Ok(Outcome::success(format!("machine {name} reset")))
    }

    pub(super) async fn undefine(
        &self,
        ctx: &Context,
        name: &str,
        with: Undefine,
    ) -> Result<(), LibvirtError> {
        self.change(ctx, "undefine domain", name, move |link, acting, name| {
            link.undefine_domain(acting, name, with)
        })
        .await
    }

    /// Removes a machine's definition, with what else is asked for.
    pub(crate) async fn undefine_with(
        &self,
        ctx: &Context,
        name: &str,
        with: role::Undefine,
    ) -> Result<Outcome, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else {
            return Ok(Outcome::noop(format!("machine {name} is not there")));
        };
        if row.active {
            let what = ["undefine domain ", name].concat();
            let (uri, why) = (self.connection().place(), "it runs");
            return Err(LibvirtError::new(LibvirtErrorKind::Refused, what, uri, why)
                .remedy("shut it down or power it off first"));
        }
        let found: Domain = xml::read("a domain", &row.defined)?;
        self.undefine(ctx, name, Undefine { nvram: with.nvram }).await?;
        let mut outcome = Outcome::success(format!("machine {name} undefined"));
        if with.volumes {
            let disks = found.devices.disks.iter().filter(|it| it.device == "disk");
            for file in disks.filter_map(|it| it.source.as_ref()?.file.as_deref()) {
                let Some(volume) = self.volume_at(file).await? else { continue };
                let removed = self.take_volume_away(ctx, &ctx.mark(), &volume).await?;
                outcome = outcome.detail(removed.message);
            }
        }
        Ok(outcome)
    }
}

/// Whether a machine's processor exists at the moment.
pub(super) fn is_on(state: RawState) -> bool {
    !matches!(state, RawState::ShutOff | RawState::Crashed)
}
