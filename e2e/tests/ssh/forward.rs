//! Sockets and ports of a server, at home.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};
use e2e::sshd::{Sshd, SshdSetup};
use e2e::{LibvirtDaemon, Scratch, virsh, wait};
use harmony_providers::ssh::{Escalation, ForwardedSocket, Ssh, SshErrorKind};
use harmony_types::HostPath;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::JoinHandle;

use crate::support::{connect, context, options, password, whole};

/// A service that answers with what it was told, once it was told all; the server shares our files.
struct Echo {
    path: HostPath,
    serving: JoinHandle<()>,
}

impl Echo {
    fn start(path: PathBuf, mode: u32) -> Result<Self> {
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        let serving = tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(echo(guest));
            }
        });
        Ok(Self { path: HostPath::try_from(path.as_path())?, serving })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn echo(mut guest: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    let mut told = Vec::new();
    guest.read_to_end(&mut told).await?;
    guest.write_all(&told).await?;
    guest.shutdown().await
}

/// Tells a service half a megabyte, and hears it back.
async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<()> {
    let said: Vec<u8> = (0..500_000_u32).map(|number| (number % 251) as u8).collect();
    stream.write_all(&said).await?;
    stream.shutdown().await?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await?;
    if heard != said {
        bail!("{} bytes were said and {} heard", said.len(), heard.len());
    }
    Ok(())
}

async fn talk_through(socket: &ForwardedSocket) -> Result<()> {
    for _ in 0..3 {
        converse(UnixStream::connect(socket.path()).await?).await?;
    }
    Ok(())
}

fn sessions(server: &Sshd, wanted: &str) -> bool {
    server.log().contains(wanted)
}

#[tokio::test]
async fn a_socket_is_at_home_in_a_private_folder_and_goes_with_its_value() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let echo = Echo::start(server.join("echo"), 0o666)?;
    let host = connect(&server, Sshd::OPS).await?;
    let socket = host.forward_unix(&echo.path).await?;
    talk_through(&socket).await?;
    let path = socket.path().to_owned();
    let folder = path.parent().expect("a folder").to_owned();
    assert_eq!(fs::metadata(&folder)?.permissions().mode() & 0o777, 0o700);
    assert!(!sessions(&server, "Starting session"), "it took a command: {}", server.log());

    // What is under way ends with it.
    let mut under_way = UnixStream::connect(&path).await?;
    drop(socket);
    assert!(!folder.exists(), "{} is left", folder.display());
    let mut rest = Vec::new();
    let ended = under_way.read_to_end(&mut rest);
    tokio::time::timeout(Duration::from_secs(20), ended).await?.ok();
    UnixStream::connect(&path).await.expect_err("somebody answers");
    Ok(())
}

#[tokio::test]
async fn a_port_is_at_home_too() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port().try_into()?;
    let serving = tokio::spawn(async move {
        while let Ok((guest, _)) = listener.accept().await {
            tokio::spawn(echo(guest));
        }
    });
    for line in ["", "DisableForwarding yes"] {
        let server = SshdSetup::default().line(line).start()?;
        let host = connect(&server, Sshd::OPS).await?;
        let forwarded = host.forward_tcp("127.0.0.1", port).await?;
        assert!(forwarded.address().ip().is_loopback());
        converse(TcpStream::connect(forwarded.address()).await?).await?;
    }
    serving.abort();
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let nobody = TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?.port().try_into()?;
    let error = host.forward_tcp("127.0.0.1", nobody).await.expect_err("nobody listens");
    assert!(whole(&error).contains("nothing answers"), "{}", whole(&error));
    Ok(())
}

#[tokio::test]
async fn where_forwarding_is_forbidden_it_is_bridged() -> Result<()> {
    for line in ["DisableForwarding yes", "AllowStreamLocalForwarding no"] {
        let server = SshdSetup::default().line(line).start()?;
        let echo = Echo::start(server.join("echo"), 0o666)?;
        let host = connect(&server, Sshd::OPS).await?;
        let socket = host.forward_unix(&echo.path).await?;
        talk_through(&socket).await?;
        assert!(sessions(&server, "Starting session"), "by a command");
    }
    Ok(())
}

#[tokio::test]
async fn one_session_is_enough_for_a_lock_and_a_bridge() -> Result<()> {
    let narrow = SshdSetup::default().line("MaxSessions 1").line("DisableForwarding yes");
    let server = narrow.start()?;
    let echo = Echo::start(server.join("echo"), 0o666)?;
    let (host, ctx) = (connect(&server, Sshd::OPS).await?, context());
    let lock = host.lock(&ctx).await?;
    talk_through(&host.forward_unix(&echo.path).await?).await?;
    assert!(lock.is_held());
    Ok(())
}

#[tokio::test]
async fn a_socket_that_the_login_may_not_open_is_bridged_as_root() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let echo = Echo::start(server.join("echo"), 0o600)?;
    let careful =
        options(&server, Sshd::CAREFUL)?.escalation(Escalation::SudoWithPassword(password()));
    for host in [connect(&server, Sshd::ADMIN).await?, Ssh::connect(&context(), careful).await?] {
        talk_through(&host.forward_unix(&echo.path).await?).await?;
    }
    let never = options(&server, Sshd::OPS)?.escalation(Escalation::Never);
    let host = Ssh::connect(&context(), never).await?;
    let error = host.forward_unix(&echo.path).await.expect_err("it may not");
    assert_eq!(error.kind(), SshErrorKind::Denied, "{}", whole(&error));
    Ok(())
}

#[tokio::test]
async fn every_tool_builds_a_bridge() -> Result<()> {
    let tools: Vec<&str> = ["socat", "nc", "python3", "perl"]
        .into_iter()
        .filter(|tool| Path::new("/usr/bin").join(tool).exists())
        .collect();
    assert!(tools.contains(&"perl"), "{tools:?}");
    for kept in &tools {
        let server = SshdSetup::default().line("DisableForwarding yes").start()?;
        for hidden in tools.iter().filter(|tool| *tool != kept) {
            server.inside(&format!("mount --bind /dev/null $(readlink -f /usr/bin/{hidden})"))?;
        }
        let echo = Echo::start(server.join("echo"), 0o666)?;
        let host = connect(&server, Sshd::OPS).await?;
        let socket = host.forward_unix(&echo.path).await?;
        talk_through(&socket).await.map_err(|error| error.context(*kept))?;
    }
    let server = SshdSetup::default().line("DisableForwarding yes").start()?;
    for hidden in &tools {
        server.inside(&format!("mount --bind /dev/null $(readlink -f /usr/bin/{hidden})"))?;
    }
    let echo = Echo::start(server.join("echo"), 0o666)?;
    let host = connect(&server, Sshd::OPS).await?;
    let error = host.forward_unix(&echo.path).await.expect_err("there is no tool");
    assert_eq!(error.kind(), SshErrorKind::Unsupported, "{}", whole(&error));
    assert!(whole(&error).contains("socat"), "{}", whole(&error));
    Ok(())
}

#[tokio::test]
async fn libvirt_is_reached_through_a_channel_and_through_its_own_helper() -> Result<()> {
    let daemon = LibvirtDaemon::shared()?;
    for line in ["", "DisableForwarding yes"] {
        let server = SshdSetup::default().line(line).start()?;
        let host = connect(&server, "root").await?;
        let socket = host.forward_unix(&"/run/libvirt/libvirt-sock".parse()?).await?;
        let uri = format!("qemu+unix:///system?socket={}", socket.path().display());
        let version = tokio::task::spawn_blocking(move || virsh(&uri, &["version"])).await??;
        assert_eq!(version, daemon.virsh(&["version"])?, "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn a_forwarded_socket_survives_a_connection_that_is_cut() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let echo = Echo::start(server.join("echo"), 0o666)?;
    let host = connect(&server, Sshd::OPS).await?;
    let socket = host.forward_unix(&echo.path).await?;
    talk_through(&socket).await?;
    server.cut()?;
    wait::until("it is carried again", Duration::from_secs(30), || {
        std::os::unix::net::UnixStream::connect(socket.path())
    })?;
    let mut last = Ok(());
    for _ in 0..50 {
        last = converse(UnixStream::connect(socket.path()).await?).await;
        if last.is_ok() {
            break;
        }
        tokio::task::yield_now().await;
    }
    last
}

#[tokio::test]
async fn what_is_not_there_is_said() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::ADMIN).await?;
    let scratch = Scratch::new()?;
    let missing = HostPath::try_from(scratch.join("missing").as_path())?;
    let error = host.forward_unix(&missing).await.expect_err("nothing is there");
    assert!(whole(&error).contains("there is no such socket"), "{}", whole(&error));
    fs::write(scratch.join("file"), "")?;
    let file = HostPath::try_from(scratch.join("file").as_path())?;
    let error = host.forward_unix(&file).await.expect_err("it is a file");
    assert!(whole(&error).contains("no socket"), "{}", whole(&error));
    Ok(())
}
