//! Forwarding, as a host offers it.

use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use harmony_capabilities::host::CommandExecution;
use harmony_phases::directories::Directories;
use harmony_types::{HostPath, Port};
use tokio::net::{TcpListener, UnixListener};

use super::{
    ForwardedPort, ForwardedSocket,
    door::{Door, serve},
    folder::Folder,
    way::{self, Remote},
};
use crate::ssh::{Ssh, SshError, SshErrorKind as Kind};

/// The longest path of a socket, in bytes, without the zero at its end.
const LONGEST: usize = 107;

impl Ssh {
    /// Makes a socket of the host reachable at a local socket, for as long as the result is kept.
    ///
    /// The local socket lies in a folder of its own that nobody else can enter.
    ///
    /// # Errors
    /// When there is no such socket, neither the server nor a bridge leads there, or the local one cannot be made.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn show(host: harmony_providers::ssh::Ssh) -> Result<(), Box<dyn std::error::Error>> {
    /// let socket = host.forward_unix(&"/run/libvirt/libvirt-sock".parse()?).await?;
    /// println!("qemu+unix:///system?socket={}", socket.path().display());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn forward_unix(&self, remote: &HostPath) -> Result<ForwardedSocket, SshError> {
        let local = |error: Box<dyn std::error::Error + Send + Sync>| {
            SshError::new(Kind::Failed, "make a local socket for forwarding").caused_by(error)
        };
        let directories = Directories::from_environment().map_err(|error| local(error.into()))?;
        let runtime = directories.runtime().map_err(|error| local(error.into()))?;
        let remote = Remote::Socket(remote.clone());
        let way = way::find(self, &remote).await?;
        let folder = Folder::new(runtime).map_err(|error| local(error.into()))?;
        let path = short(folder.join("s"), runtime)?;
        let listener = UnixListener::bind(&path).map_err(|error| local(error.into()))?;
        log::debug!("{remote} of {} is at {}", self.place(), path.display());
        let serving = serve(self.clone(), remote, way, Door::Socket(listener));
        Ok(ForwardedSocket::new(serving, path, folder))
    }

    /// Makes a port that the host can reach reachable at a local port of the loopback interface, for as long as the
    /// result is kept.
    ///
    /// Everybody on this machine can connect to it: what answers there has to ask who it is.
    ///
    /// # Errors
    /// When nothing answers there, neither the server nor a bridge leads there, or no local port is free.
    pub async fn forward_tcp(&self, host: &str, port: Port) -> Result<ForwardedPort, SshError> {
        let local = |error: std::io::Error| {
            SshError::new(Kind::Failed, "open a local port for forwarding").caused_by(error)
        };
        let remote = Remote::Port { host: host.to_owned(), port };
        let way = way::find(self, &remote).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(local)?;
        let address = listener.local_addr().map_err(local)?;
        let serving = serve(self.clone(), remote, way, Door::Port(listener));
        Ok(ForwardedPort::new(serving, address))
    }
}

/// The path, if a socket can have it.
fn short(path: PathBuf, runtime: &Path) -> Result<PathBuf, SshError> {
    let length = path.as_os_str().as_bytes().len();
    if length <= LONGEST {
        return Ok(path);
    }
    Err(SshError::new(Kind::Invalid, format!("make the local socket {}", path.display()))
        .remedy(format!(
            "set HARMONY_RUNTIME_DIR to a folder whose path is at least {} bytes shorter than {}",
            length - LONGEST,
            runtime.display()
        ))
        .caused_by(format!(
            "its path is {length} bytes long, and a socket's has room for {LONGEST}"
        )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_too_long_for_a_socket_is_told_what_to_do() {
        short("/run/s".into(), Path::new("/run")).unwrap();
        let long = format!("/{}", "x".repeat(LONGEST));
        let error = short(long.into(), Path::new("/run")).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(
            error
                .to_string()
                .contains("HARMONY_RUNTIME_DIR to a folder whose path is at least 1 bytes")
        );
    }
}
