use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::sync::Arc;

use harmony_capabilities::host::{
    Content, Directory, EntryKind, FileStore, HostErrorKind, NewFile, Ownership, Permissions,
};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Secret};
use harmony_types::{ByteSize, HostPath, Sha256Digest};
use proptest::prelude::*;
use rustix::fs::{XattrFlags, getxattr, setxattr};

use sha2::{Digest, Sha256};

use crate::linux::marks::{Marked, Marks};
use crate::linux::testing::{Host, Shell};

const HOSTILE: [&str; 6] =
    ["it's", "a \"b\" $(touch harmony-was-here) `id`", "-rf", "* ?", "back\\slash", "ünïcode %s"];

fn ctx() -> Context {
    Context::for_site("shop".parse().unwrap())
}

fn mark() -> Mark {
    Mark::new("shop".parse().unwrap(), "FileScore motd")
}

fn file(path: &HostPath, content: &[u8]) -> NewFile {
    let content = Content::Bytes(Arc::from(content));
    NewFile { path: path.clone(), content, permissions: None, ownership: None, check: None }
}

fn sha256(bytes: &[u8]) -> Sha256Digest {
    Sha256Digest::new(Sha256::digest(bytes).into())
}

fn listed(host: &Host) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(host.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "var")
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_was_written_is_seen() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        for name in HOSTILE {
            let path = host.at(name);
            let content: Vec<u8> = [b"\0\xff\n' FRAME=", name.as_bytes()].concat();
            host.linux.write(&ctx(), &file(&path, &content), &mark()).await.unwrap();
            let entry = host.linux.entry(&path).await.unwrap().unwrap();
            let EntryKind::File { size, digest, content: seen } = entry.kind else { panic!() };
            assert_eq!(seen.as_deref(), Some(content.as_slice()), "{shell:?} {name}");
            assert_eq!(size, ByteSize::bytes(content.len() as u64));
            assert_eq!(digest, sha256(&content));
            assert_eq!(entry.permissions.to_string(), "0644");
            assert_eq!(entry.mark, Some(mark()));
            assert_eq!(host.linux.read(&path, ByteSize::kib(4)).await.unwrap(), content);
        }
        assert_eq!(listed(&host).len(), HOSTILE.len(), "{:?}", listed(&host));
    }
}

#[tokio::test]
async fn many_looks_are_one_round_trip_and_tell_everything_apart() {
    for shell in Shell::ALL {
        let host = Host::under(shell).await;
        let large = vec![b'x'; 70_000];
        fs::write(host.at("large\\file").as_path(), &large).unwrap();
        fs::write(host.at("brim").as_path(), &large[..64 * 1024]).unwrap();
        fs::write(host.at("empty").as_path(), b"").unwrap();
        fs::create_dir(host.at("folder").as_path()).unwrap();
        symlink("/no where/\n$(x)", host.at("link").as_path()).unwrap();
        let fifo = host.at("fifo");
        let made = std::process::Command::new("mkfifo").arg(fifo.as_str()).status().unwrap();
        assert!(made.success());
        let before = host.round_trips();
        let look = async |name: &str| host.linux.entry(&host.at(name)).await.unwrap();
        let (big, brim, empty, folder, link, fifo, none) = tokio::join!(
            look("large\\file"),
            look("brim"),
            look("empty"),
            look("folder"),
            look("link"),
            look("fifo"),
            look("none")
        );
        assert_eq!(host.round_trips() - before, 1);
        let EntryKind::File { size, digest, content: None } = big.unwrap().kind else { panic!() };
        assert_eq!(size.as_bytes(), 70_000);
        assert_eq!(digest, sha256(&large));
        let EntryKind::File { content: Some(content), .. } = brim.unwrap().kind else { panic!() };
        assert_eq!(content.len(), 64 * 1024);
        let EntryKind::File { content: Some(content), .. } = empty.unwrap().kind else { panic!() };
        assert!(content.is_empty());
        assert_eq!(folder.unwrap().kind, EntryKind::Directory);
        assert_eq!(link.unwrap().kind, EntryKind::Symlink("/no where/\n$(x)".to_owned()));
        assert_eq!(fifo.unwrap().kind, EntryKind::Other("a pipe".to_owned()));
        assert_eq!(none, None);
    }
}

#[tokio::test]
async fn five_hundred_looks_are_still_one_round_trip() {
    let host = Host::under(Shell::Dash).await;
    let paths: Vec<HostPath> =
        (0..500).map(|n| host.at(&format!("a rather long name {n}"))).collect();
    for path in paths.iter().step_by(3) {
        fs::write(path.as_path(), path.as_str()).unwrap();
    }
    let before = host.round_trips();
    let looks = paths.iter().map(|path| host.linux.entry(path));
    for (n, (entry, path)) in
        futures_util::future::join_all(looks).await.into_iter().zip(&paths).enumerate()
    {
        match entry.unwrap().map(|entry| entry.kind) {
            Some(EntryKind::File { content, .. }) => {
                assert_eq!(content.as_deref(), Some(path.as_str().as_bytes()));
            }
            other => assert!(other.is_none() && n % 3 != 0, "{other:?}"),
        }
    }
    assert_eq!(host.round_trips() - before, 1);
}

#[tokio::test]
async fn a_login_that_cannot_become_root_looks_as_itself() {
    let host = Host::under(Shell::Dash).await;
    fs::write(host.at("seen").as_path(), b"x").unwrap();
    let (linux, before) = (host.rootless(), host.round_trips());
    assert!(linux.entry(&host.at("seen")).await.unwrap().is_some());
    assert_eq!(host.round_trips() - before, 2, "refused once");
    assert!(linux.entry(&host.at("seen")).await.unwrap().is_some());
    assert_eq!(host.round_trips() - before, 3, "and not asked again");
    let error = linux.write(&ctx(), &file(&host.at("new"), b""), &mark()).await.unwrap_err();
    assert_eq!(error.kind(), HostErrorKind::Denied, "{error}");
}

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

fn cause(error: &harmony_capabilities::host::HostError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn any_name_and_any_content_come_back(
        name in "[^\\p{Cc}/]{1,60}",
        content in prop::collection::vec(any::<u8>(), 0..3000),
    ) {
        prop_assume!(name != "." && name != ".." && name.len() <= 200);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let host = Host::under(Shell::Dash).await;
            let path = host.at(&name);
            host.linux.write(&ctx(), &file(&path, &content), &mark()).await.unwrap();
            let entry = host.linux.entry(&path).await.unwrap().unwrap();
            let EntryKind::File { content: seen, .. } = entry.kind else { panic!() };
            assert_eq!(seen.as_deref(), Some(content.as_slice()));
            assert_eq!(fs::read(path.as_path()).unwrap(), content);
        });
    }
}
