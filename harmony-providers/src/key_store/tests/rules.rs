//! What a store accepts, what it refuses, and what it writes.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::atomic::Ordering};

use harmony_phases::{Context, secret::SecretSource};

use super::{KeyStore, context, guarded, name, read, secret};
use crate::key_store::{KeyStoreErrorKind as Kind, SecretName};

/// Written by age-keygen 1.1.1.
const IDENTITY: &str = "# created: 2026-11-21T16:27:05Z
# public key: age1gmdgkrktu7cdc2la4dxdyxg2pflql77jneuuw727gspmwqmmhumsvuxahy
AGE-SECRET-KEY-1N0JA2YF5QDTGP058508W7493DD6GF7XC07K6L6E0YNRFGUQ2DCXSZ30RGZ
";
/// Written by `age -a` 1.1.1.
const SEALED: &str = "-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBJeUJqTC9DZ0JHSlYyMkhl
ZThuTG5JNEM3MEJVL2tGdVJyb0RyRVZaMFRVCm1SVFM1NjNnOUpvdVpkaXJMMkNo
b0JDRFNsSXl4WFVjQnEvcUJKQTVmcTgKLS0tIFliWEJxYStJT1F3Skd5ZTB1Yzl0
VmhQNXhwMHNmQmd0VTg1eWFyUjdZOEUKqcU54vTOru5ngKQ+ayv3/ZXHu9aq87xZ
LHXxCdd5f1gosh8b9Kbunj3FmTkMsW7PQ4bwhhj3nA==
-----END AGE ENCRYPTED FILE-----
";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn expose(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn what_is_set_is_read_listed_and_removed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("deep/keys");
    let (ctx, store) = (context(), KeyStore::in_folder(&folder));
    assert_eq!((read(&store, "a").await, store.list().await.unwrap()), (None, vec![]));
    assert!(!folder.exists(), "looking makes nothing");
    for (each, value) in [("b", "two\n\u{e9}"), ("a", ""), ("a", "one")] {
        store.set(&ctx, &name(each), secret(value)).await.unwrap();
    }
    assert_eq!(store.list().await.unwrap(), ["a", "b"].map(name));
    assert_eq!(read(&store, "a").await.as_deref(), Some("one"));
    assert_eq!(read(&KeyStore::in_folder(&folder), "b").await.as_deref(), Some("two\n\u{e9}"));
    assert!(store.remove(&ctx, &name("a")).await.unwrap());
    assert_eq!(read(&store, "a").await, None);
    assert_eq!(mode(&folder), 0o700);
    let files = [".lock", "b.age", "identity.txt"].map(|file| mode(&folder.join(file)));
    assert_eq!(files, [0o600; 3]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "nothing else is left");
}

#[tokio::test]
async fn it_answers_for_its_own_references_only() {
    let root = tempfile::tempdir().unwrap();
    let store = KeyStore::in_folder(root.path());
    expose(root.path(), 0o700);
    store.set(&context(), &name("token"), secret("hunter2")).await.unwrap();
    let ctx = Context::builder("lab".parse().unwrap()).secret_source(store.clone()).build();
    let resolve = async |text: &str| ctx.secret(&text.parse().unwrap()).await;
    assert_eq!(resolve("key:token").await.unwrap().expose(), "hunter2");
    resolve("file:token").await.unwrap_err();
    resolve("key:../token").await.unwrap_err();
    resolve("key:other").await.unwrap_err();
    let none = store.resolve(&"env:token".parse().unwrap()).await;
    assert!(none.unwrap().is_none());
}

#[tokio::test]
async fn files_of_the_age_command_are_read() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    expose(folder, 0o700);
    fs::write(folder.join("identity.txt"), IDENTITY).unwrap();
    expose(&folder.join("identity.txt"), 0o600);
    fs::write(folder.join("theirs.age"), SEALED).unwrap();
    fs::write(folder.join("notes.txt"), "no secret").unwrap();
    let store = KeyStore::in_folder(folder);
    assert_eq!(read(&store, "theirs").await.as_deref(), Some("made by the age command"));
    assert_eq!(store.list().await.unwrap(), [name("theirs")]);
    let public = IDENTITY.split("public key: ").nth(1).unwrap().lines().next();
    assert_eq!(store.recipient().await.unwrap().as_deref(), public);
    store.set(&context(), &name("ours"), secret("s")).await.unwrap();
    let ours = fs::read_to_string(folder.join("ours.age")).unwrap();
    let ends = ["-----BEGIN AGE ENCRYPTED FILE-----\n", "-----END AGE ENCRYPTED FILE-----\n"];
    assert!(ours.starts_with(ends[0]) && ours.ends_with(ends[1]), "{ours}");
    assert!(ours.lines().all(|line| line.len() <= 64), "{ours}");
}

#[tokio::test]
async fn the_passphrase_is_asked_once_and_only_when_it_is_needed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("keys");
    let (store, asked) = guarded(&folder, "open sesame");
    assert_eq!((read(&store, "a").await, asked.load(Ordering::SeqCst)), (None, 0));
    store.set(&context(), &name("a"), secret("A")).await.unwrap();
    for _ in 0..3 {
        assert_eq!(read(&store, "a").await.as_deref(), Some("A"));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let key = fs::read_to_string(folder.join("identity.age")).unwrap();
    assert!(key.contains("BEGIN AGE") && !folder.join("identity.txt").exists());

    let refused = KeyStore::in_folder(&folder).get(&name("a")).await.unwrap_err();
    assert_eq!(*refused.kind(), Kind::PassphraseMissing);
    let (wrong, _) = guarded(&folder, "open barley");
    let refused = wrong.get(&name("a")).await.unwrap_err();
    assert!(matches!(refused.kind(), Kind::WrongPassphrase(_)), "{refused}");
    assert!(!format!("{refused:?}").contains("barley"));
    wrong.rotate(&context()).await.unwrap_err();
    store.rotate(&context()).await.unwrap();
    assert_eq!(read(&guarded(&folder, "open sesame").0, "a").await.as_deref(), Some("A"));
}

#[tokio::test]
async fn what_others_can_get_at_is_refused_with_the_mending_command() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("keys");
    let store = KeyStore::in_folder(&folder);
    store.set(&context(), &name("a"), secret("A")).await.unwrap();
    let key = folder.join("identity.txt");
    expose(&key, 0o640);
    let refused = store.get(&name("a")).await.unwrap_err().to_string();
    assert!(refused.ends_with(&format!("run: chmod 600 {}", key.display())), "{refused}");
    expose(&key, 0o600);
    expose(&folder, 0o755);
    let refused = store.set(&context(), &name("a"), secret("A")).await.unwrap_err().to_string();
    assert!(refused.ends_with(&format!("run: chmod 700 {}", folder.display())), "{refused}");
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("keys");
    let store = KeyStore::in_folder(&folder);
    store.set(&context(), &name("a"), secret("A")).await.unwrap();
    fs::remove_file(folder.join("identity.txt")).unwrap();
    for refused in [
        store.get(&name("a")).await.map(drop),
        store.set(&context(), &name("b"), secret("B")).await,
    ] {
        assert!(matches!(refused.unwrap_err().kind(), Kind::NoIdentity(_)));
    }
    assert!(matches!(store.rotate(&context()).await.unwrap_err().kind(), Kind::NoMatchingKey(_)));
    assert!(!folder.join("identity.txt").exists());
}

#[tokio::test]
async fn a_damaged_secret_is_told_and_keeps_the_key_from_being_rotated() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("keys");
    let store = KeyStore::in_folder(&folder);
    store.set(&context(), &name("a"), secret("A")).await.unwrap();
    store.set(&context(), &name("b"), secret("B")).await.unwrap();
    let before = fs::read(folder.join("identity.txt")).unwrap();
    for damage in ["", "no age", &fs::read_to_string(folder.join("a.age")).unwrap()[..100]] {
        fs::write(folder.join("a.age"), damage).unwrap();
        let refused = store.get(&name("a")).await.unwrap_err();
        assert!(matches!(refused.kind(), Kind::Damaged(_)), "{refused}");
        store.rotate(&context()).await.unwrap_err();
    }
    assert_eq!(fs::read(folder.join("identity.txt")).unwrap(), before);
    assert_eq!(read(&store, "b").await.as_deref(), Some("B"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_while_the_key_is_rotated_reads_the_secret() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("keys");
    let store = KeyStore::in_folder(&folder);
    store.set(&context(), &name("a"), secret("A")).await.unwrap();
    let other = KeyStore::in_folder(&folder);
    let rotations = async {
        for _ in 0..10 {
            store.rotate(&context()).await.unwrap();
        }
    };
    let reads = async {
        for _ in 0..50 {
            assert_eq!(read(&other, "a").await.as_deref(), Some("A"));
        }
    };
    tokio::join!(rotations, reads);
}

#[test]
fn a_name_is_one_plain_file() {
    for bad in ["", ".a", "-a", "a/b", "..", "a b", "identity", "\u{e9}", &"a".repeat(121)] {
        assert!(bad.parse::<SecretName>().is_err(), "{bad}");
    }
    for good in ["a", "_a.b-c", "identity2", &"a".repeat(120)] {
        assert_eq!(good.parse::<SecretName>().unwrap().as_str(), good);
    }
}
