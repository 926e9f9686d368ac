//! Many commands at a time, and servers that take few.

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use futures_util::future::try_join_all;
use harmony_capabilities::host::{Command, CommandExecution as _, HostError};
use harmony_providers::ssh::Ssh;

use crate::support::connect;

/// Runs `count` commands side by side, each of which tells its number.
async fn many(host: &Ssh, count: usize) -> Result<(), HostError> {
    let one = async |number: usize| {
        let number = number.to_string();
        let command = Command::script("sleep 0.02; echo $1").arg(&number);
        assert_eq!(host.look(&command).await?.stdout.text().trim(), number);
        Ok(())
    };
    try_join_all((0..count).map(one)).await.map(drop)
}

#[tokio::test]
async fn more_commands_than_sessions_wait_for_each_other() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    many(&host, 40).await?;
    assert_eq!(host.round_trips(), 40);
    Ok(())
}

#[tokio::test]
async fn a_server_that_takes_fewer_than_was_thought_is_waited_for() -> Result<()> {
    for most in [1, 3] {
        let server = SshdSetup::default().line(format!("MaxSessions {most}")).start()?;
        let host = connect(&server, Sshd::OPS).await?;
        many(&host, 20).await?;
        let logins = server.log().matches("Accepted publickey").count();
        assert_eq!(logins, 1, "MaxSessions {most}");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_takes_none_says_what_to_change() -> Result<()> {
    let server = SshdSetup::default().line("MaxSessions 0").start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let error = host.look(&Command::new("true")).await.unwrap_err();
    assert!(error.advice().is_some_and(|advice| advice.contains("MaxSessions")), "{error}");
    Ok(())
}
