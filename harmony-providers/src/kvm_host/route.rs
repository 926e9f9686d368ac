//! The way to libvirt.

use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::{BoxError, Context};

use super::LinuxHost;
use super::reach::Reach;
use crate::libvirt::{ConnectOptions, Connection, Libvirt, LibvirtError, LibvirtErrorKind};

/// How libvirt of a host is reached; what is in between goes away with it.
#[derive(Debug)]
pub struct Route(Kind);

#[derive(Debug)]
enum Kind {
    Direct,
}

/// Why there is no libvirt.
#[derive(Debug)]
pub(super) enum NoLibvirt {
    /// It is not there, or not on.
    Absent(String),
    /// Whether it is there cannot be told.
    Failed(BoxError),
}

impl Route {
    /// Whether the host's own socket is used, with nothing in between.
    pub const fn is_direct(&self) -> bool {
        matches!(self.0, Kind::Direct)
    }

    /// Opens libvirt of a host and reads what it can run.
    pub(super) async fn open(
        host: &LinuxHost,
        options: &ConnectOptions,
        acceleration: Acceleration,
        ctx: &Context,
    ) -> Result<(Libvirt, Self), NoLibvirt> {
        let Reach::Here = host.reach;
        match connect(options, acceleration, ctx).await {
            Ok(libvirt) => Ok((libvirt, Self(Kind::Direct))),
            Err(error) if is_absent(&error) => Err(NoLibvirt::Absent(error.to_string())),
            Err(error) => Err(NoLibvirt::Failed(error.into())),
        }
    }
}

async fn connect(
    options: &ConnectOptions,
    acceleration: Acceleration,
    ctx: &Context,
) -> Result<Libvirt, LibvirtError> {
    let connection = Connection::open_with(options.clone()).await?;
    let libvirt = Libvirt::with_acceleration(connection, ctx.site().clone(), acceleration);
    libvirt.check_host().await?;
    Ok(libvirt)
}

/// Whether libvirt is known not to be there; every other failure only means that we cannot tell.
fn is_absent(error: &LibvirtError) -> bool {
    let missing =
        matches!(error.kind(), LibvirtErrorKind::Unreachable | LibvirtErrorKind::Unsupported);
    missing && error.advice().is_some()
}
