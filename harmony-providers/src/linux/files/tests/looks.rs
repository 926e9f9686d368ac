//! What is seen of files and folders, and in how many round trips.

use std::fs;
use std::os::unix::fs::symlink;

use harmony_capabilities::host::{EntryKind, FileStore, HostErrorKind};
use harmony_types::{ByteSize, HostPath};
use proptest::prelude::*;

use super::{ctx, file, listed, mark, sha256};
use crate::linux::testing::{Host, Shell};

const HOSTILE: [&str; 6] =
    ["it's", "a \"b\" $(touch harmony-was-here) `id`", "-rf", "* ?", "back\\slash", "ünïcode %s"];

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
