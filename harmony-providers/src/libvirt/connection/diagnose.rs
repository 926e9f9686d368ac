//! Why a connection cannot be opened, and what to do about it.
//!
//! libvirt's message is translated text, so the local cases are decided by looking: is the daemon
//! installed, is its socket there, may this user open it.

use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::raw::Fault;
use super::options::ConnectOptions;

const SYSTEM_SOCKETS: [&str; 2] = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"];
const DAEMONS: [&str; 4] =
    ["/usr/sbin/libvirtd", "/usr/sbin/virtqemud", "/usr/bin/libvirtd", "/usr/local/sbin/libvirtd"];

/// The oldest libvirt this provider speaks to: 6.0.0.
pub(super) const OLDEST: u32 = 6_000_000;

/// What a look at this machine says about a socket.
#[derive(Debug, PartialEq, Eq)]
enum Socket {
    Answers,
    Denied,
    Dead,
    Missing,
}

pub(super) fn cannot_connect(uri: &str, fault: Fault) -> LibvirtError {
    let socket = sockets(uri).map(|paths| look(&paths));
    let remedy = match socket {
        Some(Socket::Denied) => Some(
            "this user may not open libvirt's socket: add it to the group libvirt with \
             `sudo usermod -aG libvirt $USER`, then log in again",
        ),
        Some(Socket::Missing) if !DAEMONS.iter().any(|path| Path::new(path).exists()) => Some(
            "libvirt is not installed: `sudo apt-get install libvirt-daemon-system \
             qemu-system-x86`, then `sudo systemctl start libvirtd`",
        ),
        Some(Socket::Missing | Socket::Dead) => {
            Some("libvirt is not running: `sudo systemctl start libvirtd`")
        }
        Some(Socket::Answers) | None => None,
    };
    let mut error = LibvirtError::from_fault(fault, "connect to libvirt", uri);
    if socket == Some(Socket::Denied) {
        error = error.with_kind(LibvirtErrorKind::Denied);
    } else if matches!(socket, Some(Socket::Missing | Socket::Dead)) {
        error = error.with_kind(LibvirtErrorKind::Unreachable);
    }
    match remedy {
        Some(remedy) => error.remedy(remedy),
        None => error,
    }
}

/// Nobody answered within the deadline. No look at the socket here: one whose queue is full would
/// have us wait as well.
pub(super) fn silent(options: &ConnectOptions) -> LibvirtError {
    let local = options.place.is_none() && sockets(&options.uri).is_some();
    let remedy = if local {
        "libvirtd is there and stands still: `sudo systemctl restart libvirtd` starts it anew, and \
         its guests go on"
    } else {
        "see whether that host can be reached, and whether libvirtd answers there: `virsh version`"
    };
    let message = format!("no answer within {:?}", options.open_deadline);
    LibvirtError::new(LibvirtErrorKind::Silent, "connect to libvirt", options.place(), message)
        .remedy(remedy)
}

pub(super) fn check_version(uri: &str, version: u32) -> Result<(), LibvirtError> {
    if version >= OLDEST {
        return Ok(());
    }
    let message = format!("this is libvirt {}, and {} is needed", dotted(version), dotted(OLDEST));
    Err(LibvirtError::new(LibvirtErrorKind::TooOld, "connect to libvirt", uri, message)
        .remedy("upgrade the host's distribution; Debian 11 and Ubuntu 20.04 are new enough"))
}

/// `9000000` as `9.0.0`.
pub(super) fn dotted(version: u32) -> String {
    format!("{}.{}.{}", version / 1_000_000, version / 1_000 % 1_000, version % 1_000)
}

/// The sockets behind a URI, where it names this machine's.
fn sockets(uri: &str) -> Option<Vec<PathBuf>> {
    let (scheme, rest) = uri.split_once("://")?;
    if let Some(path) = rest.split_once('?').and_then(|(_, query)| parameter(query, "socket")) {
        return Some(vec![path.into()]);
    }
    let local = matches!(scheme, "qemu" | "qemu+unix") && rest.starts_with("/system");
    local.then(|| SYSTEM_SOCKETS.iter().map(PathBuf::from).collect())
}

fn parameter<'a>(query: &'a str, key: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(k, _)| *k == key).map(|p| p.1)
}

/// The best of what the candidates offer.
fn look(paths: &[PathBuf]) -> Socket {
    let mut best = Socket::Missing;
    for path in paths {
        match UnixStream::connect(path).map_err(|error| error.kind()) {
            Ok(_) => return Socket::Answers,
            Err(ErrorKind::PermissionDenied) => best = Socket::Denied,
            Err(ErrorKind::NotFound) => {}
            Err(_) if best == Socket::Missing => best = Socket::Dead,
            Err(_) => {}
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::super::raw::Code;
    use super::*;

    fn refused() -> Fault {
        Fault { code: Code::Failed, message: "connection refused".into(), lost: false }
    }

    #[test]
    fn a_socket_that_is_not_there_says_what_to_start() {
        let folder = tempfile::tempdir().unwrap();
        let uri = format!("qemu+unix:///system?socket={}/none", folder.path().display());
        let error = cannot_connect(&uri, refused());
        assert_eq!(error.kind(), LibvirtErrorKind::Unreachable);
        assert!(error.advice().unwrap().contains("systemctl start libvirtd"), "{error}");
    }

    #[test]
    fn a_socket_without_a_listener_is_a_daemon_that_is_not_running() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert_eq!(look(&[path]), Socket::Dead);
    }

    #[test]
    fn remote_uris_are_not_judged_by_this_machine() {
        assert_eq!(sockets("qemu+ssh://root@host/system"), None);
        assert_eq!(sockets("test:///default"), None);
        assert!(sockets("qemu:///system").is_some());
        assert_eq!(
            sockets("qemu+unix:///system?mode=legacy&socket=/a/b"),
            Some(vec![PathBuf::from("/a/b")])
        );
    }

    #[test]
    fn a_silent_daemon_is_to_be_restarted_where_it_is() {
        let here = silent(&ConnectOptions::new("qemu:///system"));
        assert_eq!(here.kind(), LibvirtErrorKind::Silent);
        assert!(here.to_string().contains("within 30s"), "{here}");
        assert!(here.advice().unwrap().contains("systemctl restart libvirtd"), "{here}");
        let there = silent(&ConnectOptions::new("qemu+ssh://h1.example/system"));
        assert!(there.advice().unwrap().contains("that host"), "{there}");
    }

    #[test]
    fn an_old_libvirt_is_refused_by_its_number() {
        let error = check_version("qemu:///system", 5_010_000).unwrap_err();
        assert_eq!(error.kind(), LibvirtErrorKind::TooOld);
        assert!(error.message().contains("5.10.0") && error.message().contains("6.0.0"), "{error}");
        check_version("qemu:///system", 9_000_000).unwrap();
    }
}
