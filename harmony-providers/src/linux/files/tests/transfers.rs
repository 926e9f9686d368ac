//! Whole files up and down.

use std::fs;
use std::os::unix::fs::MetadataExt;

use harmony_capabilities::host::{FileStore, HostErrorKind};

use super::{ctx, listed, mark};
use crate::linux::testing::{Host, Shell};

#[tokio::test]
async fn files_go_up_and_come_down() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let (local, back) = (host.folder.path().join("local"), host.folder.path().join("back"));
        let content: Vec<u8> = (0..=255_u8).cycle().take(9 * 1024 * 1024 + 7).collect();
        fs::write(&local, &content).unwrap();
        let remote = host.at("remote");
        host.linux.upload(&ctx(), &local, &remote, &mark()).await.unwrap();
        assert!(fs::read(remote.as_path()).unwrap() == content);
        host.linux.download(&ctx(), &remote, &back).await.unwrap();
        assert!(fs::read(&back).unwrap() == content);
        assert_eq!(
            fs::metadata(&back).unwrap().mode() & 0o7777,
            0o600,
            "nobody knows what is in it"
        );
        assert_eq!(listed(&host), ["back", "local", "remote"]);
        let missing = host.linux.download(&ctx(), &host.at("none"), &back).await.unwrap_err();
        assert_eq!(missing.kind(), HostErrorKind::NotFound, "{missing}");
        assert_eq!(listed(&host), ["back", "local", "remote"]);
    }
}
