//! A libvirtd that stands still: its socket takes connections, and nothing answers.

use std::time::Duration;

use anyhow::Result;
use e2e::PrivateLibvirt;
use harmony_capabilities::virtualization::{StoragePools as _, VirtualizationErrorKind};
use harmony_providers::libvirt::{ConnectOptions, Connection, Libvirt, LibvirtErrorKind};

#[tokio::test]
async fn a_daemon_that_stands_still_is_noticed_and_found_again() -> Result<()> {
    let mut daemon = PrivateLibvirt::start()?;
    let options = ConnectOptions::new(daemon.uri()).open_deadline(Duration::from_secs(2));
    let connection = Connection::open_with(options.clone()).await?;
    let libvirt = Libvirt::new(connection, "lab".parse()?);
    assert!(libvirt.pools().await?.is_empty());

    daemon.freeze()?;
    // Keepalive ends the first connection, the deadline ends the opening of the second.
    let lost = libvirt.pools().await.unwrap_err();
    assert_eq!(lost.kind(), VirtualizationErrorKind::Unreachable, "{lost}");
    let said = lost.to_string();
    assert!(said.contains(&daemon.uri()) && said.contains("restart libvirtd"), "{said}");
    let refused = Connection::open_with(options).await.unwrap_err();
    assert_eq!(refused.kind(), LibvirtErrorKind::Silent, "{refused}");

    daemon.thaw()?;
    assert!(libvirt.pools().await?.is_empty());
    Ok(())
}
