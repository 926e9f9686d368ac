//! The way to libvirt: its socket on this machine, or one that leads to it through SSH.

use std::path::Path;

use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::{BoxError, Context};

use super::LinuxHost;
#[cfg(feature = "ssh")]
use super::forwarded;
#[cfg(feature = "ssh")]
use super::listening::behind;
use super::reach::Reach;
use crate::libvirt::{ConnectOptions, Connection, Libvirt, LibvirtError, LibvirtErrorKind};
#[cfg(feature = "ssh")]
use crate::ssh::ForwardedSocket;

/// How libvirt of a host is reached; what is in between goes away with it.
#[derive(Debug)]
pub struct Route(Kind);

#[derive(Debug)]
enum Kind {
    Direct,
    #[cfg(feature = "ssh")]
    Forwarded(ForwardedSocket),
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
    /// The socket on this machine that leads to a host elsewhere.
    pub fn socket(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Direct => None,
            #[cfg(feature = "ssh")]
            Kind::Forwarded(socket) => Some(socket.path()),
        }
    }

    /// Opens libvirt of a host and reads what it can run.
    pub(super) async fn open(
        host: &LinuxHost,
        options: &ConnectOptions,
        acceleration: Acceleration,
        ctx: &Context,
    ) -> Result<(Libvirt, Self), NoLibvirt> {
        match &host.reach {
            Reach::Here => {}
            #[cfg(feature = "ssh")]
            Reach::Ssh(ssh) => {
                if let Some(sockets) = behind(options.uri()) {
                    let opened = forwarded::open(host, ssh, &sockets, options, acceleration, ctx);
                    let (libvirt, socket) = opened.await?;
                    return Ok((libvirt, Self(Kind::Forwarded(socket))));
                }
            }
        }
        match connect(options, acceleration, ctx).await {
            Ok(libvirt) => Ok((libvirt, Self(Kind::Direct))),
            Err(error) if is_absent(&error) => Err(NoLibvirt::Absent(error.to_string())),
            Err(error) => Err(NoLibvirt::failed(error)),
        }
    }
}

impl NoLibvirt {
    pub(super) fn failed(error: impl Into<BoxError>) -> Self {
        Self::Failed(error.into())
    }
}

pub(super) async fn connect(
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
