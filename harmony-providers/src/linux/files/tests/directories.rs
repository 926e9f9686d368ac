//! Folders.

use std::fs;
use std::os::unix::fs::MetadataExt;

use harmony_capabilities::host::{
    Directory, EntryKind, FileStore, HostErrorKind, Ownership, Permissions,
};

use super::{ctx, mark};
use crate::linux::testing::{Host, Shell};

#[tokio::test]
async fn directories_come_and_go() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let path = host.at("a/b c/d");
        let wanted = Directory {
            path: path.clone(),
            permissions: Some(Permissions::from_bits(0o750)),
            ownership: None,
        };
        host.linux.make_directory(&ctx(), &wanted, &mark()).await.unwrap();
        let entry = host.linux.entry(&path).await.unwrap().unwrap();
        assert_eq!(
            (entry.kind, entry.permissions.to_string()),
            (EntryKind::Directory, "0750".to_owned())
        );
        assert_eq!(entry.mark, Some(mark()));
        assert_eq!(host.linux.entry(&host.at("a")).await.unwrap().unwrap().mark, None);
        fs::write(path.join("file").unwrap().as_path(), b"x").unwrap();
        let error = host.linux.remove(&ctx(), &path).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
        host.linux.remove(&ctx(), &path.join("file").unwrap()).await.unwrap();
        host.linux.remove(&ctx(), &path).await.unwrap();
        host.linux.remove(&ctx(), &path).await.unwrap();
        assert_eq!(host.linux.entry(&path).await.unwrap(), None);
        let wrong = Directory { path: host.at("f"), permissions: None, ownership: None };
        fs::write(wrong.path.as_path(), b"").unwrap();
        let error = host.linux.make_directory(&ctx(), &wrong, &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
    }
}

/// Nobody would ever open it again: where no mode is said, none is compared.
#[tokio::test]
async fn a_directory_without_a_mode_is_not_left_closed_by_a_run_that_is_cut() {
    let host = Host::under(Shell::Dash).await;
    host.meddle("chown", "exit 1");
    let path = host.at("made");
    let ownership = Some(Ownership::root());
    let directory = Directory { path: path.clone(), permissions: None, ownership };
    host.linux.make_directory(&ctx(), &directory, &mark()).await.unwrap_err();
    assert_eq!(fs::metadata(path.as_path()).unwrap().mode() & 0o7777, 0o755);
}
