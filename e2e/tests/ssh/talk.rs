//! Login shells that talk, and hosts that say something else than they were asked.

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _, HostErrorKind};

use crate::support::{change, connect, whole};

const WORDY: &str =
    r#"printf '\033[2JWelcome, %s! ' "$USER"; echo 'Last login: never' >&2; printf 'no newline' "#;

#[tokio::test]
async fn what_a_login_shell_prints_is_no_output() -> Result<()> {
    let server = SshdSetup::default().start()?;
    // Bash reads this file for every command that sshd runs.
    server.inside(&format!(
        "cat > {}/.bashrc <<'END'\n{WORDY}\nset -x\nEND",
        home(&server, "admin")
    ))?;
    let host = connect(&server, Sshd::ADMIN).await?;
    let output = change(&host, "echo out; echo err >&2").await?;
    assert_eq!((output.stdout.text(), output.stderr.text()), ("out\n".into(), "err\n".into()));
    let output = host.look(&Command::new("id").arg("-un").as_root()).await?;
    assert_eq!((output.stdout.text(), output.stderr.text()), ("root\n".into(), "".into()));
    Ok(())
}

#[tokio::test]
async fn a_forced_command_that_prints_the_line_and_runs_it_is_seen_through() -> Result<()> {
    let wrapper =
        r#"ForceCommand echo "you run: $SSH_ORIGINAL_COMMAND"; sh -c "$SSH_ORIGINAL_COMMAND""#;
    let server = SshdSetup::default().line(wrapper).start()?;
    let host = connect(&server, Sshd::OPS).await?;
    assert_eq!(change(&host, "echo out").await?.stdout.text(), "out\n");
    Ok(())
}

#[tokio::test]
async fn a_shell_that_runs_nothing_is_quoted_and_escaped() -> Result<()> {
    let refusal = r"ForceCommand printf '\033]0;owned\007This account is\nnot available\n'";
    let server = SshdSetup::default().line(refusal).start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let error = host.look(&Command::new("true")).await.unwrap_err();
    let said = whole(&error);
    assert_eq!(error.kind(), HostErrorKind::Failed);
    assert!(said.contains("not available") && said.contains("login shell"), "{said}");
    assert!(!said.chars().any(char::is_control), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn a_banner_without_an_end_is_cut_off() -> Result<()> {
    let server = SshdSetup::default().line("ForceCommand yes welcome").start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let error = host.look(&Command::new("true")).await.unwrap_err();
    assert_eq!(error.kind(), HostErrorKind::Malformed, "{}", whole(&error));
    Ok(())
}

fn home(server: &Sshd, user: &str) -> String {
    server.join("home").join(user).display().to_string()
}
