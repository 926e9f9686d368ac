//! Where libvirt listens on its host.

use harmony_capabilities::host::{Command, CommandExecution, ExitStatus};

use super::route::NoLibvirt;

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

/// The first of `sockets` that is there.
pub(super) async fn listening(
    host: &dyn CommandExecution,
    sockets: &[&str],
) -> Result<String, NoLibvirt> {
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
