//! Host keys of a real server.

use std::fs;

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _};
use harmony_providers::ssh::{Fingerprint, HostKeyPolicy, Ssh, SshErrorKind};

use crate::support::{connect, context, options, whole};

/// What `ssh-keygen` says is the fingerprint of the server's key.
fn fingerprint(server: &Sshd, kind: &str) -> Result<Fingerprint> {
    let shown = server.inside(&format!(
        "ssh-keygen -lf {}",
        server.join(&format!("host_{kind}.pub")).display()
    ))?;
    Ok(shown.split_whitespace().nth(1).unwrap_or_default().parse()?)
}

/// The whole refusal that a connection ends with.
async fn refusal(server: &Sshd, policy: HostKeyPolicy) -> Result<String> {
    let refused = Ssh::connect(&context(), options(server, "root")?.host_keys(policy)).await;
    let error = refused.expect_err("the host key was accepted");
    assert_eq!(error.kind(), SshErrorKind::HostKey, "{}", whole(&error));
    Ok(whole(&error))
}

#[tokio::test]
async fn a_wrong_host_key_is_refused_before_the_login() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let other = SshdSetup::default().start()?;
    let wrong = format!("[127.0.0.1]:{} {}\n", server.port(), other.host_key("ed25519")?);
    fs::write(server.known_hosts(), &wrong)?;
    for policy in [HostKeyPolicy::KnownHosts, HostKeyPolicy::AcceptNew] {
        let said = refusal(&server, policy).await?;
        for part in [
            fingerprint(&server, "ed25519")?.to_string(),
            fingerprint(&other, "ed25519")?.to_string(),
            format!("line 1 of {}", server.known_hosts().display()),
            format!("ssh-keygen -R '[127.0.0.1]:{}'", server.port()),
        ] {
            assert!(said.contains(&part), "{part} is not in: {said}");
        }
    }
    assert!(!server.log().contains("Accepted"), "somebody logged in: {}", server.log());
    assert_eq!(fs::read_to_string(server.known_hosts())?, wrong, "nothing was learned");
    Ok(())
}

#[tokio::test]
async fn a_revoked_key_is_refused_and_a_hashed_name_is_found() -> Result<()> {
    let server = SshdSetup::default().start()?;
    server.inside(&format!("ssh-keygen -q -H -f {}", server.known_hosts().display()))?;
    let hashed = fs::read_to_string(server.known_hosts())?;
    assert!(hashed.starts_with("|1|"), "{hashed}");
    connect(&server, "root").await?;
    fs::write(
        server.known_hosts(),
        format!("{hashed}@revoked * {}\n", server.host_key("ed25519")?),
    )?;
    assert!(refusal(&server, HostKeyPolicy::KnownHosts).await?.contains("revoked by line 2 of"));
    let pinned = HostKeyPolicy::Pinned(fingerprint(&server, "ed25519")?);
    assert!(refusal(&server, pinned).await?.contains("revoked by line 2 of"));
    Ok(())
}

#[tokio::test]
async fn a_host_with_several_keys_presents_the_one_that_is_known() -> Result<()> {
    let server = SshdSetup::default().host_keys(&["ed25519", "ecdsa"]).start()?;
    // Ours would be ed25519; only the other one is known.
    let known = format!("[127.0.0.1]:{} {}\n", server.port(), server.host_key("ecdsa")?);
    fs::write(server.known_hosts(), known)?;
    let host = connect(&server, "root").await?;
    assert!(host.look(&Command::new("true")).await?.succeeded());
    Ok(())
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_will_do() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let folder = server.join("").display().to_string();
    server.inside(&format!(
        "cd {folder} && ssh-keygen -q -t ed25519 -N '' -f ca && ssh-keygen -q -s ca -I host -h -n 127.0.0.1 host_ed25519.pub"
    ))?;
    let signed =
        SshdSetup::default().line(format!("HostCertificate {folder}/host_ed25519-cert.pub"));
    let signed = signed.line(format!("HostKey {folder}/host_ed25519")).host_keys(&[]).start()?;
    let authority = fs::read_to_string(server.join("ca.pub"))?;
    let line = format!("@cert-authority [127.0.0.1]:* {authority}");
    fs::write(signed.known_hosts(), line)?;
    connect(&signed, "root").await?;
    // The same key without its certificate is not enough.
    fs::write(server.known_hosts(), format!("@cert-authority [127.0.0.1]:* {authority}"))?;
    assert!(refusal(&server, HostKeyPolicy::AcceptNew).await?.contains("expects a certificate"));
    Ok(())
}

#[tokio::test]
async fn eight_connections_at_once_learn_one_key_once() -> Result<()> {
    let server = SshdSetup::default().start()?;
    fs::remove_file(server.known_hosts())?;
    assert!(refusal(&server, HostKeyPolicy::KnownHosts).await?.contains("ssh-keyscan -p"));
    let connecting = (0..8).map(|_| {
        let options = options(&server, "root").map(|it| it.host_keys(HostKeyPolicy::AcceptNew));
        tokio::spawn(
            async move { Ok::<_, anyhow::Error>(Ssh::connect(&context(), options?).await?) },
        )
    });
    for connected in connecting.collect::<Vec<_>>() {
        connected.await??;
    }
    let learned = fs::read_to_string(server.known_hosts())?;
    let wanted = format!("[127.0.0.1]:{} {}\n", server.port(), server.host_key("ed25519")?);
    assert_eq!(learned, wanted);
    connect(&server, "root").await?;
    Ok(())
}

#[tokio::test]
async fn a_key_of_a_host_that_lets_nobody_in_is_not_learned() -> Result<()> {
    let server = SshdSetup::default().start()?;
    fs::remove_file(server.known_hosts())?;
    fs::write(server.join("authorized_keys"), "")?;
    let options = options(&server, "root")?.host_keys(HostKeyPolicy::AcceptNew);
    let error = Ssh::connect(&context(), options).await.expect_err("it was let in");
    assert_eq!(error.kind(), SshErrorKind::Login, "{}", whole(&error));
    assert!(!server.known_hosts().exists());
    Ok(())
}

#[tokio::test]
async fn a_pinned_key_needs_no_file() -> Result<()> {
    let server = SshdSetup::default().start()?;
    fs::remove_file(server.known_hosts())?;
    let pinned = HostKeyPolicy::Pinned(fingerprint(&server, "ed25519")?);
    Ssh::connect(&context(), options(&server, "root")?.host_keys(pinned)).await?;
    let other = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM".parse()?;
    assert!(refusal(&server, HostKeyPolicy::Pinned(other)).await?.contains("is pinned"));
    Ok(())
}

#[tokio::test]
async fn a_server_with_broken_algorithms_only_is_told_what_it_offers() -> Result<()> {
    let kex = "KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1";
    let mac = "MACs hmac-md5,hmac-sha1\nCiphers aes128-ctr,aes256-ctr";
    for (key, line, offered) in [
        ("ed25519", kex, "diffie-hellman-group1-sha1"),
        ("ed25519", "Ciphers aes128-cbc,3des-cbc", "aes128-cbc"),
        ("ed25519", mac, "hmac-md5"),
        ("rsa", "HostKeyAlgorithms ssh-rsa", "ssh-rsa"),
    ] {
        let server = SshdSetup::default().host_keys(&[key]).line(line).start()?;
        let refused = Ssh::connect(&context(), options(&server, "root")?).await;
        let said = whole(&refused.expect_err(line));
        assert!(said.contains("safe enough") && said.contains(offered), "{line}: {said}");
    }
    Ok(())
}
