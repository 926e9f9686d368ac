//! Whatever the point at which the work ends, every secret can be read by what is on disk.

use std::{fs, path::Path};

use super::{KeyStore, context, guarded, name, read, secret};

const NAMES: [&str; 3] = ["a", "b", "c"];

async fn filled(folder: &Path, names: &[&str]) {
    let (ctx, store) = (context(), KeyStore::in_folder(folder));
    for each in names {
        store.set(&ctx, &name(each), secret(each)).await.unwrap();
    }
}

/// Does `work` on a new store of some secrets once for each, or each nth, point where it can be cut
/// off.
async fn cut_everywhere(
    names: &[&str],
    each: usize,
    open: impl Fn(&Path) -> KeyStore,
    work: impl AsyncFn(&KeyStore) -> bool,
    look: impl AsyncFn(&Path, bool),
) -> usize {
    for cut in (0..).step_by(each) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("keys");
        filled(&folder, names).await;
        let store = open(&folder);
        store.cut().after(cut);
        let done = work(&store).await;
        assert_eq!(done, store.cut().is_unused(), "cut {cut}: an error is told, and no other");
        look(&folder, done).await;
        if done {
            return cut;
        }
    }
    unreachable!("the work has an end")
}

fn identities(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("identity.txt")).unwrap_or_default();
    text.matches("AGE-SECRET-KEY-1").count()
}

#[tokio::test]
async fn a_rotation_that_is_cut_off_loses_nothing() {
    let cuts = cut_everywhere(
        &NAMES,
        1,
        |folder| KeyStore::in_folder(folder),
        async |store| store.rotate(&context()).await.is_ok(),
        async |folder, done| {
            let store = KeyStore::in_folder(folder);
            for each in NAMES {
                assert_eq!(read(&store, each).await.as_deref(), Some(each));
            }
            assert_eq!(store.list().await.unwrap().len(), NAMES.len());
            if done {
                assert_eq!(identities(folder), 1);
            }
            // The next rotation completes it, whatever was left.
            assert_eq!(store.rotate(&context()).await.unwrap().secrets, NAMES.len());
            assert_eq!(identities(folder), 1);
            assert!(!folder.join(".new").exists());
            for each in NAMES {
                assert_eq!(read(&store, each).await.as_deref(), Some(each));
            }
        },
    )
    .await;
    assert!(cuts >= 35, "five files are written, in seven changes each: {cuts}");
}

#[tokio::test]
async fn encrypting_the_key_can_be_cut_off() {
    let cuts = cut_everywhere(
        &["a"],
        3, // a passphrase takes its time
        |folder| guarded(folder, "open sesame").0,
        async |store| store.rotate(&context()).await.is_ok(),
        async |folder, done| {
            let (store, _) = guarded(folder, "open sesame");
            assert_eq!(read(&store, "a").await.as_deref(), Some("a"));
            assert!(!done || !folder.join("identity.txt").exists());
        },
    )
    .await;
    assert!(cuts >= 23, "{cuts}");
}

#[tokio::test]
async fn a_secret_that_is_replaced_is_the_old_one_or_the_new_one() {
    cut_everywhere(
        &NAMES,
        1,
        |folder| KeyStore::in_folder(folder),
        async |store| store.set(&context(), &name("b"), secret("B2")).await.is_ok(),
        async |folder, done| {
            let store = KeyStore::in_folder(folder);
            let now = read(&store, "b").await.unwrap();
            assert!(now == "B2" || (now == "b" && !done), "{now}");
            assert_eq!(read(&store, "a").await.as_deref(), Some("a"));
            store.set(&context(), &name("b"), secret("B3")).await.unwrap();
            assert_eq!(read(&store, "b").await.as_deref(), Some("B3"));
        },
    )
    .await;
}

#[tokio::test]
async fn the_first_secret_of_all_can_be_cut_off() {
    for cut in 0.. {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("keys");
        let store = KeyStore::in_folder(&folder);
        store.cut().after(cut);
        let done = store.set(&context(), &name("a"), secret("A")).await.is_ok();
        let store = KeyStore::in_folder(&folder);
        let now = read(&store, "a").await;
        assert!(now.as_deref() == Some("A") || (now.is_none() && !done), "cut {cut}: {now:?}");
        store.set(&context(), &name("a"), secret("A2")).await.unwrap();
        assert_eq!(read(&store, "a").await.as_deref(), Some("A2"));
        if done {
            return;
        }
    }
}

#[tokio::test]
async fn a_removal_is_whole_or_not_at_all() {
    cut_everywhere(
        &NAMES,
        1,
        |folder| KeyStore::in_folder(folder),
        async |store| store.remove(&context(), &name("b")).await.is_ok(),
        async |folder, done| {
            let store = KeyStore::in_folder(folder);
            let now = read(&store, "b").await;
            assert!(now.is_none() || (now.as_deref() == Some("b") && !done));
            assert!(!store.remove(&context(), &name("z")).await.unwrap());
        },
    )
    .await;
}
