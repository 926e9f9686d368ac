//! Connections that end in the middle.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Result;
use e2e::{
    sshd::{Sshd, SshdSetup},
    wait,
};
use harmony_capabilities::host::{Command, CommandExecution as _, HostErrorKind};

use crate::support::{change, connect, whole};

/// Waits until the command has left its sign, then cuts the connection.
async fn cut_at(sign: PathBuf, server: Arc<Sshd>) -> Result<()> {
    let cutting = move || {
        wait::until("the command runs", Duration::from_secs(20), || {
            if sign.exists() { Ok(()) } else { Err("it does not") }
        })?;
        server.cut()
    };
    tokio::task::spawn_blocking(cutting).await?
}

#[tokio::test]
async fn a_look_is_taken_again() -> Result<()> {
    let server = Arc::new(SshdSetup::default().start()?);
    let host = connect(&server, "root").await?;
    let sign = server.join("sign").display().to_string();
    // The first time it waits to be cut off; the second time it answers.
    let look = Command::script(r#"[ -e "$1" ] && { echo seen; exit; }; touch "$1"; sleep 60"#);
    let look = look.arg(&sign);
    let (output, cut) =
        tokio::join!(host.look(&look), cut_at(server.join("sign"), Arc::clone(&server)));
    cut?;
    assert_eq!(output?.stdout.text(), "seen\n");
    assert_eq!(host.round_trips(), 2);
    Ok(())
}

#[tokio::test]
async fn a_change_is_unknown_and_is_not_made_again() -> Result<()> {
    let server = Arc::new(SshdSetup::default().start()?);
    let host = connect(&server, "root").await?;
    let script = format!("echo once >> {}; sleep 60", server.join("sign").display());
    let (changed, cut) =
        tokio::join!(change(&host, &script), cut_at(server.join("sign"), Arc::clone(&server)));
    cut?;
    let error = changed.unwrap_err();
    assert_eq!(error.kind(), HostErrorKind::Unknown, "{}", whole(&error));

    // The connection is there again for whoever asks next.
    let count = Command::script("wc -l < \"$1\"").arg(server.join("sign").display().to_string());
    assert_eq!(host.look(&count).await?.stdout.text().trim(), "1");
    Ok(())
}

#[tokio::test]
async fn a_connection_that_was_lost_between_commands_is_not_noticed() -> Result<()> {
    let server = Arc::new(SshdSetup::default().start()?);
    let host = connect(&server, Sshd::OPS).await?;
    for _ in 0..3 {
        server.cut()?;
        assert_eq!(change(&host, "echo done").await?.stdout.text(), "done\n");
    }
    Ok(())
}
