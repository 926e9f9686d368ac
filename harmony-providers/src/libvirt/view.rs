//! How things are seen that libvirt does not tell: files of the host, and ports of its guests.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use harmony_capabilities::host::{Command, CommandExecution, ExitStatus, HostErrorKind};
use harmony_types::ByteSize;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a port may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much of a file is looked at, from its end.
const MOST: ByteSize = ByteSize::mib(1);

/// Says nothing and ends with 3 where the file is not there.
const READ: &str = r#"[ -e "$1" ] || exit 3; exec tail -c "$2" -- "$1""#;
/// Tries a port with what the host has: bash opens sockets itself, and nc is the other usual way.
const TRY: &str = r#"if command -v bash >/dev/null; then exec timeout "$3" bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2"; fi
if command -v nc >/dev/null; then exec nc -z -w "$3" "$1" "$2"; fi
echo "neither bash nor nc is there to try it with" >&2; exit 1"#;

/// Where the host is seen from.
#[derive(Debug)]
pub(crate) enum View {
    /// From this machine, which may be the host or not.
    FromHere,
    /// By commands on the host.
    Through(Arc<dyn CommandExecution>),
}

/// Why something was not seen.
#[derive(Debug)]
pub(crate) struct Unseen {
    /// Whether this user may not look.
    pub(crate) denied: bool,
    /// Why, in words.
    pub(crate) why: String,
}

impl View {
    pub(crate) const fn is_another_host(&self) -> bool {
        matches!(self, Self::Through(_))
    }

    /// The end of a file of the host; nothing where it is not there.
    pub(crate) async fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Unseen> {
        let Self::Through(host) = self else { return local_file(path).await };
        let command = Command::script(READ).args([path, &MOST.as_bytes().to_string()]);
        let output = host.look(&command.keep(MOST).as_root()).await.map_err(|error| Unseen {
            denied: error.kind() == HostErrorKind::Denied,
            why: error.to_string(),
        })?;
        match output.status {
            ExitStatus::Code(0) => Ok(Some(output.stdout.bytes)),
            ExitStatus::Code(3) => Ok(None),
            _ => Err(Unseen { denied: false, why: output.complaint() }),
        }
    }

    /// Tries a port of a guest, from where guests can be reached.
    pub(crate) async fn answers(&self, place: SocketAddr) -> Result<(), String> {
        let Self::Through(host) = self else {
            return match timeout(PATIENCE, TcpStream::connect(place)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("no answer".to_owned()),
            };
        };
        let (ip, port) = (place.ip().to_string(), place.port().to_string());
        let command = Command::script(TRY).args([ip, port, PATIENCE.as_secs().to_string()]);
        match host.look(&command).await {
            Ok(output) if output.succeeded() => Ok(()),
            Ok(output) if output.complaint().is_empty() => Err("no answer".to_owned()),
            Ok(output) => Err(output.complaint()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

async fn local_file(path: &str) -> Result<Option<Vec<u8>>, Unseen> {
    match tokio::fs::read(path).await {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let denied = error.kind() == ErrorKind::PermissionDenied;
            Err(Unseen { denied, why: error.to_string() })
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use harmony_capabilities::host::{Captured, HostError, Output};
    use harmony_phases::{Context, Intent};
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    /// A host that is this machine, with a shell of its own for each command.
    #[derive(Debug)]
    struct Shell;

    #[async_trait]
    impl CommandExecution for Shell {
        fn place(&self) -> String {
            "a shell".to_owned()
        }

        async fn look(&self, command: &Command) -> Result<Output, HostError> {
            let words = command.words();
            let run = tokio::process::Command::new(&words[0]).args(&words[1..]).output().await;
            let run = run.map_err(|error| {
                HostError::new(HostErrorKind::Failed, "run a command").caused_by(error)
            })?;
            let code = run.status.code().and_then(|code| u32::try_from(code).ok());
            Ok(Output {
                status: ExitStatus::Code(code.unwrap_or(255)),
                stdout: Captured::whole(run.stdout),
                stderr: Captured::whole(run.stderr),
            })
        }

        async fn execute(
            &self,
            _: &Context,
            _: &Intent,
            command: &Command,
        ) -> Result<Output, HostError> {
            self.look(command).await
        }
    }

    #[tokio::test]
    async fn a_file_is_the_same_from_here_and_through_commands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serial log");
        std::fs::write(&path, "login: \u{1b}[0m").unwrap();
        for view in [View::FromHere, View::Through(Arc::new(Shell))] {
            let seen = view.file(path.to_str().unwrap()).await.unwrap();
            assert_eq!(seen.as_deref(), Some("login: \u{1b}[0m".as_bytes()), "{view:?}");
            assert!(view.file("/nowhere/at/all").await.unwrap().is_none(), "{view:?}");
            assert!(view.file(folder.path().to_str().unwrap()).await.is_err(), "{view:?}");
        }
    }

    #[tokio::test]
    async fn a_port_answers_or_does_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Taken, so that nobody else listens there.
        let silent = TcpSocket::new_v4().unwrap();
        silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        for view in [View::FromHere, View::Through(Arc::new(Shell))] {
            assert_eq!(view.answers(listener.local_addr().unwrap()).await, Ok(()), "{view:?}");
            assert!(view.answers(silent.local_addr().unwrap()).await.is_err(), "{view:?}");
        }
    }
}
