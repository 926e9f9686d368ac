//! When libvirt is proven: as soon as it listens.
//!
//! Package tools set libvirt up among the last, and are busy for a second or more after it has begun to listen: a
//! proof takes no longer than that.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use harmony_phases::context::{Look, Unit, WaitError, Waiting};
use harmony_phases::{BoxError, Context, Topology};
use thiserror::Error;

use super::super::LinuxHost;
use super::super::listening::{behind, listening};
use super::super::route::{NoLibvirt, Route};
use super::equip::PARTS;
use super::install_kvm::InstallKvm;
use super::survey::Survey;
use crate::libvirt::Libvirt;

/// How often it is looked whether libvirt listens: a look takes a few milliseconds of the host.
const OFTEN: Duration = Duration::from_millis(500);

/// libvirt does not answer although everything is done for it.
#[derive(Debug, Error)]
#[error(
    "libvirt is installed on {host} and does not answer: {why}; see `journalctl -u libvirtd -u virtqemud` there"
)]
struct Silent {
    host: String,
    why: String,
}

/// libvirt with the way to it.
pub(super) type Opened = (Libvirt, Route);

impl InstallKvm {
    /// Does what is missing on the host, and has libvirt do everything once: on a host that is new to it as soon as it
    /// listens, and again when all is done should it not have been ready by then.
    pub(super) async fn equip_and_prove(
        &self,
        ctx: &Context,
        host: &Topology<LinuxHost>,
        survey: Survey,
    ) -> Result<Opened, BoxError> {
        let linux: &LinuxHost = host.evidence();
        let sockets = behind(self.connection.uri()).filter(|_| survey.listens_once_installed(self));
        let mut equip = pin!(self.equip(ctx, host, survey));
        let proven = tokio::select! {
            biased;
            done = &mut equip => {
                done?;
                None
            }
            () = begins_to_listen(ctx, linux, sockets) => {
                // What has begun is brought to its end, however the other ends.
                let (done, proven) = tokio::join!(equip, self.prove(ctx, linux));
                done?;
                proven.inspect_err(|error| ctx.note(format!("libvirt was not ready yet: {error}"))).ok()
            }
        };
        let (libvirt, route) = match proven {
            Some(opened) => opened,
            None => self.prove(ctx, linux).await?,
        };
        ctx.progress(4, Some(PARTS), Unit::Items);
        self.add_extras(ctx, &libvirt).await?;
        ctx.progress(PARTS, Some(PARTS), Unit::Items);
        Ok((libvirt, route))
    }

    /// Opens libvirt and has it run a machine for a moment.
    async fn prove(&self, ctx: &Context, host: &LinuxHost) -> Result<Opened, BoxError> {
        let opened = Route::open(host, &self.connection, self.acceleration, ctx).await;
        let (libvirt, route) = opened.map_err(|error| match error {
            NoLibvirt::Absent(why) => Silent { host: host.place(), why }.into(),
            NoLibvirt::Failed(error) => error,
        })?;
        libvirt.prove(ctx).await?;
        Ok((libvirt, route))
    }
}

/// Ends when libvirt listens behind one of `sockets`; never where that cannot be seen.
async fn begins_to_listen(ctx: &Context, host: &LinuxHost, sockets: Option<Vec<&str>>) {
    let Some(sockets) = sockets else { return pending().await };
    let waiting = Waiting::until(format!("libvirt listens on {}", host.place())).every(OFTEN);
    let look = || async {
        match listening(&*host.commands, &sockets).await {
            Ok(_) => Ok(Look::Seen(())),
            Err(NoLibvirt::Absent(why)) => Ok(Look::NotYet(why)),
            Err(NoLibvirt::Failed(error)) => Err(Unseen::Failed(error)),
        }
    };
    if let Err(error) = ctx.wait(waiting, look).await {
        log::debug!("{}: whether libvirt listens is not seen: {error}", host.place());
        pending::<()>().await;
    }
}

/// Why it is not seen whether libvirt listens.
#[derive(Debug, Error)]
enum Unseen {
    #[error(transparent)]
    Failed(BoxError),
    #[error(transparent)]
    Waiting(#[from] WaitError),
}
