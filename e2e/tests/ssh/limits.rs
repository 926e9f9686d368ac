//! Commands that write without end, or do not end.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use e2e::{
    sshd::{Sshd, SshdSetup},
    wait,
};
use harmony_capabilities::host::{Command, CommandExecution as _, HostErrorKind};
use harmony_providers::ssh::{Deadlines, Ssh, SshConfig, SshOptions};
use harmony_types::ByteSize;
use tokio::io::AsyncWriteExt as _;

use crate::support::{connect, context, execute, options, whole};

/// What a server may say without end before anybody knows who it is.
const GREETINGS: [(&str, &str, &str); 4] = [
    ("a line without an end", "", "all is well "),
    ("lines without an end", "", "\u{1b}]0;owned\u{7}\r\n"),
    ("a name without an end", "SSH-2.0-", "\u{1b}[2J"),
    ("packets of nonsense", "SSH-2.0-there\r\n", "\u{7f}\u{7f}\u{7f}\u{7f}owned"),
];

/// Waits until no process of the server has `word` among its words.
fn gone(server: &Sshd, word: &str) -> Result<()> {
    wait::until("the command is gone", Duration::from_secs(20), || {
        // The look itself must not be what it finds.
        let (head, tail) = word.split_at(1);
        let found = server.inside(&format!("pgrep -af '[{head}]{tail}' || true"));
        match found.as_deref().map(str::trim) {
            Ok("") => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
}

#[tokio::test]
async fn an_output_without_end_is_cut_off_and_its_command_ended() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let endless = Command::new("yes").arg("endless-flood").keep(ByteSize::kib(16));
    let error = host.look(&endless).await.unwrap_err();
    let said = whole(&error);
    assert_eq!(error.kind(), HostErrorKind::Failed, "{said}");
    assert!(said.contains("1048576 bytes"), "{said}");
    gone(&server, "endless-flood")
}

#[tokio::test]
async fn a_command_over_its_deadline_is_ended_with_all_it_started() -> Result<()> {
    let server = SshdSetup::default().start()?;
    for (user, most) in [(Sshd::OPS, 10), (Sshd::ADMIN, 10), (Sshd::ADMIN, 1)] {
        let narrow = SshdSetup::default().line(format!("MaxSessions {most}"));
        let server = if most == 1 { &narrow.start()? } else { &server };
        let host = connect(server, user).await?;
        // It and its child ignore the polite signal, and the child is a process of its own.
        let script = "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 7.31; done' & wait";
        let slow = Command::script(script).deadline(Duration::from_millis(700));
        let slow = if user == Sshd::ADMIN { slow.as_root() } else { slow };
        let error = execute(&host, &slow).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::TimedOut, "{}", whole(&error));
        assert!(whole(&error).contains("longer than 700ms"), "{}", whole(&error));
        gone(server, "sleep 7.31")?;
        assert!(host.look(&Command::new("true")).await?.succeeded());
    }
    Ok(())
}

#[tokio::test]
async fn a_connection_has_a_deadline_for_all_commands() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let command = Some(Duration::from_millis(300));
    let options = options(&server, Sshd::OPS)?;
    let options = options.deadlines(Deadlines { command, ..Deadlines::default() });
    let host = Ssh::connect(&context(), options).await?;
    let error = host.look(&Command::new("sleep").arg("60")).await.unwrap_err();
    assert_eq!(error.kind(), HostErrorKind::TimedOut);
    Ok(())
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for_without_end() -> Result<()> {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("root@127.0.0.1:{}", silent.local_addr()?.port());
    let connect = Duration::from_millis(300);
    let options = SshOptions::to(address.parse()?)
        .config(SshConfig::none())
        .deadlines(Deadlines { connect, ..Deadlines::default() });
    let error = Ssh::connect(&context(), options).await.unwrap_err();
    assert!(whole(&error).contains("no login within 0.3 s"), "{}", whole(&error));
    Ok(())
}

#[tokio::test]
async fn a_server_that_greets_without_end_is_given_up_and_fills_no_memory() -> Result<()> {
    for (what, first, then) in GREETINGS {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("root@127.0.0.1:{}", listener.local_addr()?.port());
        let greeting = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await?;
            stream.write_all(first.as_bytes()).await?;
            let much = then.repeat(4096);
            loop {
                stream.write_all(much.as_bytes()).await?;
            }
        });
        let connect = Duration::from_secs(2);
        let options = SshOptions::to(address.parse()?)
            .config(SshConfig::none())
            .deadlines(Deadlines { connect, ..Deadlines::default() });
        let before = resident()?;
        let error = Ssh::connect(&context(), options).await.unwrap_err();
        let said = whole(&error);
        assert!(!said.chars().any(char::is_control), "{what}: {said:?}");
        assert!(
            resident()? < before + (32 << 10),
            "{what}: {before} KiB, and then {}",
            resident()?
        );
        // Whoever greets is hung up on.
        let ended: Result<std::convert::Infallible, std::io::Error> = greeting.await?;
        ended.unwrap_err();
    }
    Ok(())
}

/// The most memory that this process has used, in KiB.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let amount = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    amount.context("the kernel does not tell how much memory is used")
}
