//! Becoming root.

use std::sync::Arc;

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _, HostErrorKind};
use harmony_phases::Secret;
use harmony_providers::ssh::{Escalation, Ssh};

use crate::support::{connect, context, options, password, whole};

fn who() -> Command {
    Command::script("id -un; cat").input(*b"fed\n").as_root()
}

#[tokio::test]
async fn root_needs_no_sudo_and_sudo_needs_no_password() -> Result<()> {
    let server = SshdSetup::default().start()?;
    for user in ["root", Sshd::ADMIN] {
        let host = connect(&server, user).await?;
        assert_eq!(host.look(&who()).await?.stdout.text(), "root\nfed\n", "as {user}");
    }
    Ok(())
}

#[tokio::test]
async fn a_password_goes_to_sudo_and_to_nobody_else() -> Result<()> {
    let server = SshdSetup::default().start()?;
    // The first is asked for it; the second is not, and must not read it as its input.
    for user in [Sshd::CAREFUL, Sshd::ADMIN] {
        let with = options(&server, user)?.escalation(Escalation::SudoWithPassword(password()));
        let host = Ssh::connect(&context(), with).await?;
        let output = host.look(&who()).await?;
        assert_eq!(output.stdout.text(), "root\nfed\n", "as {user}");
        assert_eq!(output.stderr.text(), "", "as {user}");
        let secret = Command::new("cat").secret_input(Arc::new(Secret::new("x".to_owned())));
        assert_eq!(host.look(&secret.as_root()).await?.stdout.text(), "x", "as {user}");
    }
    assert!(!server.log().contains(Sshd::PASSWORD));
    Ok(())
}

#[tokio::test]
async fn who_cannot_become_root_is_told_what_to_do() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let wrong = Escalation::SudoWithPassword("test:other".parse()?);
    let cases = [
        (Sshd::CAREFUL, Escalation::Sudo, "SudoWithPassword"),
        (Sshd::CAREFUL, wrong, "does not accept the password"),
        (Sshd::OPS, Escalation::SudoWithPassword(password()), "/etc/sudoers.d/ops"),
        (Sshd::OPS, Escalation::Never, "SshOptions::escalation"),
    ];
    for (user, escalation, advice) in cases {
        let with = options(&server, user)?.escalation(escalation.clone());
        let host = Ssh::connect(&context(), with).await?;
        let error = host.look(&who()).await.unwrap_err();
        let said = whole(&error);
        assert_eq!(error.kind(), HostErrorKind::Denied, "{user}, {escalation:?}: {said}");
        assert!(said.contains(advice), "{user}, {escalation:?}: {said}");
        assert!(!said.contains("not-other") && !said.contains(Sshd::PASSWORD), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_host_without_sudo_is_told_so() -> Result<()> {
    let server = SshdSetup::default().start()?;
    server.inside("mount --bind /dev/null /usr/bin/sudo")?;
    let host = connect(&server, Sshd::ADMIN).await?;
    let error = host.look(&who()).await.unwrap_err();
    assert_eq!(error.kind(), HostErrorKind::Denied);
    Ok(())
}
