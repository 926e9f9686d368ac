//! The lock on a host.

use std::time::Duration;

use anyhow::{Result, anyhow};
use backon::{ConstantBuilder, Retryable as _};
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _, HostErrorKind};
use harmony_phases::{Context, Intent};
use harmony_providers::ssh::{Escalation, Ssh, SshErrorKind};

use crate::support::{change, connect, context, options, whole};

/// Waits until `ctx` can change the host, as an operator does who tries again.
async fn until_it_is_free(host: &Ssh, ctx: &Context) -> Result<()> {
    let often = ConstantBuilder::new().with_delay(Duration::from_millis(100)).with_max_times(100);
    let lock = (|| host.lock(ctx)).retry(often).await;
    lock.map(drop).map_err(|error| anyhow!("it did not become free: {}", whole(&error)))
}

#[tokio::test]
async fn a_second_operator_is_told_who_has_it_and_gets_it_afterwards() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let (mine, theirs) = (context(), context());
    let first = connect(&server, "root").await?;
    let second = connect(&server, Sshd::ADMIN).await?;
    assert!(first.lock(&mine).await?.is_held());

    let error = second.lock(&theirs).await.expect_err("it is taken");
    assert_eq!(error.kind(), SshErrorKind::Busy);
    let said = whole(&error);
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname")?;
    for part in [machine.trim(), &mine.run_id().to_string(), "holds it since 20", "end process"] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    // Looking is free, changing is not.
    assert!(second.look(&Command::new("true")).await?.succeeded());
    let intent = Intent::new("test", "a command");
    let refused = second.execute(&theirs, &intent, &Command::new("true")).await;
    assert_eq!(refused.expect_err("it is taken").kind(), HostErrorKind::Busy);

    drop(first);
    until_it_is_free(&second, &theirs).await
}

#[tokio::test]
async fn it_is_taken_before_the_first_change_and_not_for_looks() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, "root").await?;
    host.look(&Command::new("true")).await?;
    assert!(!server.join("lock/harmony.lock").exists());
    change(&host, "true").await?;
    let text = std::fs::read_to_string(server.join("lock/harmony.lock"))?;
    assert!(text.starts_with("user: ") && text.contains("\nprocess: "), "{text}");
    Ok(())
}

#[tokio::test]
async fn one_session_is_enough_for_a_lock_and_a_change() -> Result<()> {
    let server = SshdSetup::default().line("MaxSessions 1").start()?;
    let host = connect(&server, "root").await?;
    let ctx = context();
    let lock = host.lock(&ctx).await?;
    for _ in 0..3 {
        let intent = Intent::new("test", "a command");
        host.execute(&ctx, &intent, &Command::new("true")).await?;
    }
    assert!(lock.is_held());
    Ok(())
}

#[tokio::test]
async fn a_run_has_its_lock_again_after_its_connection_was_cut() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, "root").await?;
    let ctx = context();
    let before = host.lock(&ctx).await?;
    server.cut()?;
    host.look(&Command::new("true")).await?;
    let after = host.lock(&ctx).await?;
    assert!(after.is_held() && !before.is_held());
    let other = connect(&server, "root").await?;
    assert_eq!(other.lock(&context()).await.expect_err("taken").kind(), SshErrorKind::Busy);
    Ok(())
}

#[tokio::test]
async fn two_connections_of_one_run_do_not_stand_in_each_others_way() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let ctx = context();
    let (one, two) = (connect(&server, "root").await?, connect(&server, "root").await?);
    assert!(one.lock(&ctx).await?.is_held());
    assert!(two.lock(&ctx).await?.is_held());
    assert!(one.lock(&ctx).await?.is_held());
    let other = connect(&server, "root").await?;
    assert_eq!(other.lock(&context()).await.expect_err("taken").kind(), SshErrorKind::Busy);
    Ok(())
}

#[tokio::test]
async fn a_login_without_root_locks_too() -> Result<()> {
    let server = SshdSetup::default().start()?;
    // One may not become root, and the other one is not allowed to although it would.
    let never = options(&server, Sshd::OPS)?.escalation(Escalation::Never);
    let first = Ssh::connect(&context(), never).await?;
    let second = connect(&server, Sshd::OPS).await?;
    let held = first.lock(&context()).await?;
    let error = second.lock(&context()).await.expect_err("it is taken");
    assert_eq!(error.kind(), SshErrorKind::Busy, "{}", whole(&error));
    assert!(held.is_held());
    drop((held, first));

    // Root meets a file that is not its own, and says all the same who it is.
    let (root, ctx) = (connect(&server, "root").await?, context());
    until_it_is_free(&root, &ctx).await?;
    let error = second.lock(&context()).await.expect_err("it is taken");
    assert!(whole(&error).contains(&ctx.run_id().to_string()), "{}", whole(&error));
    Ok(())
}

#[tokio::test]
async fn a_host_without_a_place_for_it_is_told_what_to_do() -> Result<()> {
    for (script, advice) in [
        ("mount -o remount,bind,ro /run/lock", "make /run/lock writable"),
        ("umount /run/lock; rmdir /run/lock || mv /run/lock /run/gone", "mkdir -m 1777 /run/lock"),
        ("ln -s /etc/passwd /run/lock/harmony.lock", "find out who put it there"),
        ("mount --bind /dev/null $(readlink -f $(command -v flock))", "install util-linux"),
    ] {
        let server = SshdSetup::default().start()?;
        server.inside("mkdir -p /run/private/sshd && mount --bind /run/private /run && mkdir -p /run/lock && chmod 1777 /run/lock && mount --bind /run/lock /run/lock")?;
        server.inside(script)?;
        let host = connect(&server, "root").await?;
        let error = host.lock(&context()).await.expect_err(script);
        assert!(whole(&error).contains(advice), "{script}: {}", whole(&error));
        server.inside("rm -rf /run/lock/* /run/gone /run/private 2>/dev/null || true")?;
    }
    Ok(())
}
