//! libvirt of a host elsewhere, through the SSH connection that is open already.

use std::sync::Arc;

use harmony_capabilities::host::{Command, CommandExecution, ExitStatus};
use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::Context;

use super::LinuxHost;
use super::route::{NoLibvirt, connect};
use crate::libvirt::{ConnectOptions, Libvirt, LibvirtError, LibvirtErrorKind};
use crate::ssh::{ForwardedSocket, Ssh};

/// Where libvirt listens for everything, and where its QEMU driver does alone.
const SOCKETS: [&str; 2] = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"];

/// Names the first of its arguments that is a socket; ends with 3 where none is.
const FIRST_SOCKET: &str = r#"for s; do if [ -S "$s" ]; then echo "$s"; exit 0; fi; done; exit 3"#;

/// The sockets that a URI means on its host; none for one that finds its own way.
pub(super) fn behind(uri: &str) -> Option<Vec<&str>> {
    let (scheme, rest) = uri.split_once("://")?;
    if !matches!(scheme, "qemu" | "qemu+unix") || !rest.starts_with("/system") {
        return None;
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let named = query.split('&').find_map(|pair| pair.strip_prefix("socket="));
    Some(named.map_or_else(|| SOCKETS.to_vec(), |socket| vec![socket]))
}

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

/// The first of `sockets` that is there.
async fn listening(host: &dyn CommandExecution, sockets: &[&str]) -> Result<String, NoLibvirt> {
    let look = Command::script(FIRST_SOCKET).args(sockets.iter().copied());
    let output = host.look(&look).await.map_err(NoLibvirt::failed)?;
    match output.status {
        ExitStatus::Code(0) => Ok(output.stdout.text().trim().to_owned()),
        ExitStatus::Code(3) => Err(NoLibvirt::Absent(format!(
            "libvirt does not listen on {}: {} is not there",
            host.place(),
            sockets.join(" or ")
        ))),
        _ => Err(NoLibvirt::failed(output.complaint())),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_system_hypervisor_is_behind_a_socket() {
        assert_eq!(behind("qemu:///system"), Some(SOCKETS.to_vec()));
        let named = "qemu+unix:///system?mode=direct&socket=/run/own/sock";
        assert_eq!(behind(named), Some(vec!["/run/own/sock"]));
        for other in ["test:///default", "qemu+ssh://h1/system", "qemu:///session"] {
            assert_eq!(behind(other), None, "{other}");
        }
    }
}
