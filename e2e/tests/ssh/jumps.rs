//! Hosts behind hosts.

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _};
use harmony_providers::ssh::{Ssh, SshConfig, SshErrorKind, SshOptions};

use crate::support::{context, whole};

/// A configuration that knows both servers, with the key of both.
fn config(near: &Sshd, far: &Sshd, more: &str) -> Result<SshConfig> {
    let known = [near, far].map(|server| server.known_hosts().display().to_string()).join(" ");
    let keys =
        format!(" IdentityFile {}\n IdentityFile {}", near.key().display(), far.key().display());
    let text = format!(
        "{more}\nHost *\n UserKnownHostsFile {known}\n GlobalKnownHostsFile none\n IdentityAgent none\n{keys}\n"
    );
    let file = near.join("both");
    std::fs::write(&file, text)?;
    Ok(SshConfig::file(file))
}

#[tokio::test]
async fn a_host_is_reached_through_another_and_found_again_after_both_were_lost() -> Result<()> {
    let (near, far) = (SshdSetup::default().start()?, SshdSetup::default().start()?);
    let jump = near.address(Sshd::OPS);
    let by_options = SshOptions::to(far.address("root").parse()?)
        .config(config(&near, &far, "")?)
        .through([jump.parse()?]);
    let written = format!(
        "Host far\n HostName 127.0.0.1\n Port {}\n User root\n ProxyJump {jump}",
        far.port()
    );
    let host = Ssh::connect(&context(), by_options).await?;
    let look = Command::new("cat").arg("/proc/self/cgroup");
    assert!(host.look(&look).await?.succeeded());
    near.cut()?;
    assert!(host.look(&look).await?.succeeded());
    far.cut()?;
    assert!(host.look(&look).await?.succeeded());
    let before = near.log().matches("Accepted publickey for ops").count();

    let by_file = SshOptions::to("far".parse()?).config(config(&near, &far, &written)?);
    let host = Ssh::connect(&context(), by_file).await?;
    assert!(host.look(&look).await?.succeeded());
    assert_eq!(near.log().matches("Accepted publickey for ops").count(), before + 1);
    Ok(())
}

#[tokio::test]
async fn every_host_on_the_way_has_to_be_known() -> Result<()> {
    let (near, far) = (SshdSetup::default().start()?, SshdSetup::default().start()?);
    let jump: harmony_types::SshAddress = near.address(Sshd::OPS).parse()?;
    for unknown in [&near, &far] {
        std::fs::rename(unknown.known_hosts(), unknown.join("hidden"))?;
        let options = SshOptions::to(far.address("root").parse()?)
            .config(config(&near, &far, "")?)
            .through([jump.clone()]);
        let error = Ssh::connect(&context(), options).await.unwrap_err();
        assert_eq!(error.kind(), SshErrorKind::HostKey, "{}", whole(&error));
        assert!(whole(&error).contains(&unknown.port().to_string()), "{}", whole(&error));
        std::fs::rename(unknown.join("hidden"), unknown.known_hosts())?;
    }
    assert!(
        !far.log().contains("Accepted"),
        "nothing was said to a host behind one that is not known"
    );
    Ok(())
}
