//! Links that somebody else put where something is to be written.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use harmony_capabilities::host::{Directory, FileStore, HostErrorKind, NewFile, Permissions};
use harmony_types::ByteSize;

use super::{cause, ctx, file, mark};
use crate::linux::testing::{Host, Shell};

#[tokio::test]
async fn a_planted_link_is_refused() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let (path, target) = (host.at("planted"), host.at("target"));
        fs::write(target.as_path(), b"precious").unwrap();
        symlink(target.as_path(), path.as_path()).unwrap();
        let error = host.linux.write(&ctx(), &file(&path, b"new"), &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
        assert!(cause(&error).contains("symbolic link"), "{}", cause(&error));
        assert_eq!(fs::read(target.as_path()).unwrap(), b"precious");
        let error = host.linux.read(&path, ByteSize::kib(1)).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Invalid, "{error}");
    }
}

/// Whoever owns the folder puts a link under the name of the file that is being written.
#[tokio::test]
async fn a_link_that_is_planted_while_a_file_is_written_leads_nowhere() {
    for shell in [Shell::Bash, Shell::Dash] {
        let host = Host::under(shell).await;
        let (path, victim) = (host.at("file"), host.at("victim"));
        fs::write(victim.as_path(), b"precious").unwrap();
        fs::set_permissions(victim.as_path(), fs::Permissions::from_mode(0o600)).unwrap();
        let swap = r#"for new in FOLDER/.harmony.*; do rm -f "$new"; ln -s VICTIM "$new"; done; tool "$@""#;
        let swap = swap.replace("FOLDER", host.at("").as_str()).replace("VICTIM", victim.as_str());
        host.meddle("chmod", &swap);
        let open =
            NewFile { permissions: Some(Permissions::from_bits(0o666)), ..file(&path, b"new") };
        host.linux.write(&ctx(), &open, &mark()).await.ok();
        assert_eq!(fs::read(victim.as_path()).unwrap(), b"precious", "{shell:?}");
        assert_eq!(fs::metadata(victim.as_path()).unwrap().mode() & 0o7777, 0o600, "{shell:?}");
    }
}

#[tokio::test]
async fn a_link_that_is_planted_while_a_directory_is_made_leads_nowhere() {
    for shell in [Shell::Bash, Shell::Dash] {
        let host = Host::under(shell).await;
        let (path, victim) = (host.at("made"), host.at("victim"));
        fs::create_dir(victim.as_path()).unwrap();
        fs::set_permissions(victim.as_path(), fs::Permissions::from_mode(0o700)).unwrap();
        let swap = r#"tool "$@"; [ "$1" != PATH_ ] || { rmdir PATH_; ln -s VICTIM PATH_; }"#;
        let swap = swap.replace("PATH_", path.as_str()).replace("VICTIM", victim.as_str());
        host.meddle("mkdir", &swap);
        let permissions = Some(Permissions::from_bits(0o777));
        let open = Directory { path, permissions, ownership: None };
        let error = host.linux.make_directory(&ctx(), &open, &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{}", cause(&error));
        assert_eq!(fs::metadata(victim.as_path()).unwrap().mode() & 0o7777, 0o700, "{shell:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_open_to_all_is_refused() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let folder = host.at("open");
        fs::create_dir(folder.as_path()).unwrap();
        let open =
            |mode| fs::set_permissions(folder.as_path(), fs::Permissions::from_mode(mode)).unwrap();
        let path = folder.join("file").unwrap();
        open(0o777);
        let error = host.linux.write(&ctx(), &file(&path, b"new"), &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
        assert!(cause(&error).contains("sticky"), "{}", cause(&error));
        let below =
            Directory { path: folder.join("a/b").unwrap(), permissions: None, ownership: None };
        let error = host.linux.make_directory(&ctx(), &below, &mark()).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
        open(0o1777);
        host.linux.write(&ctx(), &file(&path, b"new"), &mark()).await.unwrap();
    }
}
