//! What a write keeps, and what it leaves when it fails.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Arc;

use harmony_capabilities::host::{Content, FileStore, HostErrorKind, NewFile, Permissions};
use harmony_phases::Secret;
use rustix::fs::{XattrFlags, getxattr, setxattr};

use super::{cause, ctx, file, listed, mark};
use crate::linux::marks::{Marked, Marks};
use crate::linux::testing::{Host, Shell};

#[tokio::test]
async fn attributes_that_are_not_said_are_kept() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let path = host.at("kept");
        fs::write(path.as_path(), b"old").unwrap();
        fs::set_permissions(path.as_path(), fs::Permissions::from_mode(0o640)).unwrap();
        let old = fs::metadata(path.as_path()).unwrap();
        host.linux.write(&ctx(), &file(&path, b"new"), &mark()).await.unwrap();
        let new = fs::metadata(path.as_path()).unwrap();
        assert_eq!((new.mode(), new.uid(), new.gid()), (old.mode(), old.uid(), old.gid()));
        assert!(
            new.mtime_nsec() != old.mtime_nsec() || new.mtime() != old.mtime(),
            "it is a new content"
        );
        assert_ne!(new.ino(), old.ino(), "it was replaced, not written over");
        let private =
            NewFile { permissions: Some(Permissions::from_bits(0o600)), ..file(&path, b"") };
        host.linux.write(&ctx(), &private, &mark()).await.unwrap();
        assert_eq!(fs::metadata(path.as_path()).unwrap().mode() & 0o7777, 0o600);
    }
}

#[tokio::test]
async fn extended_attributes_are_kept() {
    let host = Host::under(Shell::Dash).await;
    let path = host.at("kept");
    fs::write(path.as_path(), b"old").unwrap();
    setxattr(path.as_path(), "user.colour", b"green", XattrFlags::empty()).unwrap();
    host.linux.write(&ctx(), &file(&path, b"new"), &mark()).await.unwrap();
    let mut kept = [0; 16];
    let length = getxattr(path.as_path(), "user.colour", &mut kept).unwrap();
    assert_eq!(&kept[..length], b"green");
}

#[tokio::test]
async fn a_check_has_the_last_word() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let path = host.at("checked");
        fs::write(path.as_path(), b"old").unwrap();
        let check = ["grep", "-q", "good", "{}"].map(str::to_owned).to_vec();
        let with = |content: &[u8]| NewFile { check: Some(check.clone()), ..file(&path, content) };
        let error = host.linux.write(&ctx(), &with(b"bad"), &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Failed, "{error}");
        assert_eq!(fs::read(path.as_path()).unwrap(), b"old");
        assert_eq!(host.linux.entry(&path).await.unwrap().unwrap().mark, None, "not ours yet");
        host.linux.write(&ctx(), &with(b"good"), &mark()).await.unwrap();
        assert_eq!(listed(&host), ["checked"]);
    }
}

#[tokio::test]
async fn what_a_crash_left_is_swept() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let path = host.at("swept");
        host.linux.write(&ctx(), &file(&path, b"1"), &mark()).await.unwrap();
        let marks = Marks::below(&host.linux.host().places);
        let digest = marks.path(Marked::File, path.as_str());
        let digest = digest.rsplit('/').next().unwrap();
        fs::write(host.at(&format!(".harmony.{digest}.abcdef")).as_path(), b"half").unwrap();
        host.linux.write(&ctx(), &file(&path, b"2"), &mark()).await.unwrap();
        assert_eq!(listed(&host), ["swept"]);
    }
}

#[tokio::test]
async fn a_secret_is_written_and_not_told() {
    let host = Host::under(Shell::Dash).await;
    let content = Content::Secret(Arc::new(Secret::new("hunter2".to_owned())));
    let file = NewFile { content, ..file(&host.at("secret"), b"") };
    host.linux.write(&ctx(), &file, &mark()).await.unwrap();
    assert_eq!(fs::read(file.path.as_path()).unwrap(), b"hunter2");
    let check = ["sh", "-c", r#"cat "$0" >&2; exit 1"#, "{}"].map(str::to_owned).to_vec();
    let checked = NewFile { check: Some(check), ..file };
    let error = host.linux.write(&ctx(), &checked, &mark()).await.unwrap_err();
    assert!(cause(&error).contains("not shown"), "{error}: {}", cause(&error));
    assert!(!host.said().contains("hunter2"));
}

#[tokio::test]
async fn a_full_disk_leaves_the_old_content() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let path = host.at("full");
        fs::write(path.as_path(), b"old").unwrap();
        // Files may be no longer than 8 blocks of 512 bytes: the shell's limit stands for the disk's.
        let error = host
            .limited(8)
            .write(&ctx(), &file(&path, &vec![b'x'; 100_000]), &mark())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Failed, "{error}");
        assert_eq!(fs::read(path.as_path()).unwrap(), b"old");
        assert_eq!(listed(&host), ["full"]);
    }
}
