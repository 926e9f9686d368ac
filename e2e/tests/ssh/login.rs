//! Logging in to a real server.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::Result;
use e2e::sshd::{SshAgent, Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _};
use harmony_providers::ssh::{Credential, Ssh, SshConfig, SshError, SshErrorKind, SshOptions};

use crate::hearing;
use crate::support::{context, password, whole};

/// How `user` is reached, with these lines in the configuration and these credentials.
fn options(
    server: &Sshd,
    user: &str,
    lines: &str,
    credentials: Vec<Credential>,
) -> Result<SshOptions> {
    let config = SshConfig::file(server.client_config(lines)?);
    Ok(SshOptions::to(server.address(user).parse()?).config(config).credentials(credentials))
}

async fn log_in(server: &Sshd, credentials: Vec<Credential>) -> Result<Result<Ssh, SshError>> {
    let options = options(server, Sshd::OPS, "", credentials)?;
    Ok(Ssh::connect(&context(), options).await)
}

async fn is_in(host: &Ssh) -> Result<()> {
    let who = host.look(&Command::new("id").arg("-un")).await?;
    assert_eq!(who.stdout.text().trim(), Sshd::OPS);
    Ok(())
}

#[tokio::test]
async fn the_configuration_names_the_key_and_the_key_is_known_afterwards() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = log_in(&server, vec![]).await??;
    is_in(&host).await?;
    let public = fs::read_to_string(server.key().with_extension("pub"))?;
    let used = host.login_key().expect("it was a key").to_openssh()?;
    assert!(public.starts_with(&used), "{public} is not {used}");
    Ok(())
}

#[tokio::test]
async fn a_locked_key_is_opened_by_its_passphrase_only() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let key = server.another_key("locked", "ed25519", Sshd::PASSWORD)?;
    is_in(&log_in(&server, vec![Credential::key_file(&key, Some(password()))]).await??).await?;
    for (passphrase, why) in [
        (None, "no passphrase is named for it"),
        (Some("test:wrong".parse()?), "its passphrase does not open it"),
        (Some("none:missing".parse()?), "no configured source knows it"),
    ] {
        let refused = log_in(&server, vec![Credential::key_file(&key, passphrase)]).await?;
        let said = whole(&refused.expect_err(why));
        assert!(said.contains(why), "{why} is not in: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn an_ecdsa_key_and_an_agent_log_in() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let key = server.another_key("ecdsa", "ecdsa", "")?;
    is_in(&log_in(&server, vec![Credential::key_file(&key, None)]).await??).await?;

    let agent = SshAgent::start()?;
    let lines = format!("Host *\n IdentityAgent {}", agent.socket().display());
    let with_agent = || options(&server, Sshd::OPS, &lines, vec![Credential::Agent]);
    let empty = Ssh::connect(&context(), with_agent()?).await.expect_err("it holds nothing");
    assert!(whole(&empty).contains("ssh-add"), "{}", whole(&empty));
    agent.add(&key)?;
    let host = Ssh::connect(&context(), with_agent()?).await?;
    is_in(&host).await?;
    // An RSA key in an agent works without RSA of our own.
    let agent = SshAgent::start()?;
    agent.add(&server.another_key("rsa", "rsa", "")?)?;
    let lines = format!("Host *\n IdentityAgent {}", agent.socket().display());
    let options = options(&server, Sshd::OPS, &lines, vec![Credential::Agent])?;
    is_in(&Ssh::connect(&context(), options).await?).await
}

#[tokio::test]
async fn an_agent_with_many_keys_is_asked_for_the_named_one_first() -> Result<()> {
    let server = SshdSetup::default().line("MaxAuthTries 2").start()?;
    let agent = SshAgent::start()?;
    for name in ["a", "b", "c", "d"] {
        let stranger = server.join(name);
        server.inside(&format!("ssh-keygen -q -t ed25519 -N '' -f {}", stranger.display()))?;
        agent.add(&stranger)?;
    }
    agent.add(&server.key())?;
    let lines = format!("Host *\n IdentityAgent {}", agent.socket().display());
    let options = options(&server, Sshd::OPS, &lines, vec![Credential::Agent])?;
    is_in(&Ssh::connect(&context(), options).await?).await?;

    // Without the name, the server has enough before the right one comes.
    let config = server.join("without");
    fs::write(
        &config,
        format!(
            "Host *\n UserKnownHostsFile {}\n IdentityFile /none\n IdentityAgent {}\n",
            server.known_hosts().display(),
            agent.socket().display()
        ),
    )?;
    let options = SshOptions::to(server.address(Sshd::OPS).parse()?)
        .config(SshConfig::file(config))
        .credentials([Credential::Agent]);
    let refused = Ssh::connect(&context(), options).await.expect_err("too many");
    let said = whole(&refused);
    assert!(said.contains("closed the connection") && said.contains("IdentitiesOnly"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_password_and_the_keyboard_log_in() -> Result<()> {
    for line in ["KbdInteractiveAuthentication no", "PasswordAuthentication no"] {
        let server = SshdSetup::default().line(line).start()?;
        is_in(&log_in(&server, vec![Credential::Password(password())]).await??).await?;
        let wrong = Credential::Password("test:wrong".parse()?);
        let refused = log_in(&server, vec![wrong]).await?.expect_err("a wrong password");
        let said = whole(&refused);
        assert!(said.contains("refused") && !said.contains("not-wrong"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_may_want_a_key_and_a_password() -> Result<()> {
    let server = SshdSetup::default().line("AuthenticationMethods publickey,password").start()?;
    let key = Credential::key_file(server.key(), None);
    is_in(&log_in(&server, vec![key.clone(), Credential::Password(password())]).await??).await?;
    let said = whole(&log_in(&server, vec![key]).await?.expect_err("half of it"));
    assert!(said.contains("accepted, and not enough"), "{said}");
    assert!(said.contains("still takes password"), "{said}");
    Ok(())
}

#[tokio::test]
async fn when_nothing_works_everything_is_named() -> Result<()> {
    let server = SshdSetup::default()
        .line("PasswordAuthentication no")
        .line("KbdInteractiveAuthentication no")
        .start()?;
    let open = server.another_key("open", "ed25519", "")?;
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644))?;
    let stranger = server.join("stranger");
    server.inside(&format!("ssh-keygen -q -t ed25519 -N '' -f {}", stranger.display()))?;
    let rsa = server.another_key("rsa", "rsa", "")?;
    let credentials = vec![
        Credential::Agent,
        Credential::key_file(&open, None),
        Credential::key_file(&rsa, None),
        Credential::key_file(Path::new("/no/such/key"), None),
        Credential::key_file(&stranger, None),
        Credential::Password(password()),
    ];
    let refused = log_in(&server, credentials).await?.expect_err("nothing should work");
    assert_eq!(refused.kind(), SshErrorKind::Login);
    let said = whole(&refused);
    let mut at = 0;
    for part in [
        "agent: switched off by IdentityAgent",
        &format!("others can read it; run: chmod 600 {}", open.display()),
        "feature `ssh-rsa`",
        "key /no/such/key: there is no such file",
        &format!("key {} (ssh-ed25519 SHA256:", stranger.display()),
        "password test:password: not taken by the server",
        "the server still takes publickey",
    ] {
        let found = said[at..]
            .find(part)
            .unwrap_or_else(|| panic!("{part} is not in its place in: {said}"));
        at += found;
    }
    Ok(())
}

#[tokio::test]
async fn no_secret_is_in_what_is_printed_logged_or_run() -> Result<()> {
    hearing::begin();
    let server = SshdSetup::default().start()?;
    let key = server.another_key("locked", "ed25519", Sshd::PASSWORD)?;
    let credentials =
        || vec![Credential::key_file(&key, Some(password())), Credential::Password(password())];
    let host = log_in(&server, credentials()).await??;
    is_in(&host).await?;
    let only_password = log_in(&server, vec![Credential::Password(password())]).await??;
    let printed =
        format!("{host:?} {only_password:?} {:?}", options(&server, "root", "", credentials())?);
    let command_lines =
        host.look(&Command::script("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).await?;
    let log = hearing::end();
    assert!(log.contains("logged in as"), "nothing was heard");
    let bytes: Vec<String> = Sshd::PASSWORD.bytes().map(|byte| byte.to_string()).collect();
    for secret in [Sshd::PASSWORD.to_owned(), bytes.join(", ")] {
        for (what, text) in [
            ("log", log.as_str()),
            ("printed", &printed),
            ("command lines", &command_lines.stdout.text()),
            ("the server's log", &server.log()),
        ] {
            assert!(!text.contains(&secret), "{what} has the secret");
        }
    }
    Ok(())
}
