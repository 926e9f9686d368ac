//! libvirt of a host elsewhere, through the SSH connection that is open already.

use std::sync::Arc;

use harmony_capabilities::host::{Command, CommandExecution as _};
use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::Context;

use super::LinuxHost;
use super::listening::listening;
use super::route::{NoLibvirt, connect};
use crate::libvirt::{ConnectOptions, Libvirt, LibvirtError, LibvirtErrorKind};
use crate::ssh::{ForwardedSocket, Ssh};

/// Opens libvirt behind the first of these sockets that is there.
pub(super) async fn open(
    host: &LinuxHost,
    ssh: &Ssh,
    sockets: &[&str],
    options: &ConnectOptions,
    acceleration: Acceleration,
    ctx: &Context,
) -> Result<(Libvirt, ForwardedSocket), NoLibvirt> {
    let place = format!("{} on {}", options.uri(), host.place());
    let remote = listening(&*host.commands, sockets).await?;
    let path = remote.parse().map_err(NoLibvirt::failed)?;
    let socket = ssh.forward_unix(&path).await.map_err(NoLibvirt::failed)?;
    let uri = format!("qemu+unix:///system?socket={}", socket.path().display());
    let forwarded = options.clone().reached_by(uri).known_as(place);
    match connect(&forwarded, acceleration, ctx).await {
        Ok(libvirt) => Ok((libvirt.seen_through(Arc::clone(&host.commands)), socket)),
        Err(error) => Err(silent(host, error, &remote).await),
    }
}

/// What it means that nobody answers behind a socket that is there.
async fn silent(host: &LinuxHost, error: LibvirtError, socket: &str) -> NoLibvirt {
    let reachable = host.commands.look(&Command::new("true")).await.is_ok();
    match error.kind() {
        LibvirtErrorKind::Unreachable if reachable => NoLibvirt::Absent(format!(
            "nobody answers behind {socket} of {}: {error}",
            host.place()
        )),
        LibvirtErrorKind::Unsupported => NoLibvirt::Absent(error.to_string()),
        _ => NoLibvirt::failed(error),
    }
}
