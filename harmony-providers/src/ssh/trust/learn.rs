//! Writing a new host key down.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use harmony_phases::context::Permit;
use russh::keys::PublicKey;
use tokio::task;

use super::{
    KnownHostsFiles,
    error::{HostKeyError, HostKeyErrorKind},
    files::Known,
    host::{self, Judgement},
    name::KnownName,
};

/// Adds `key` to the user's first file, unless it has come to be known; keeps the rest byte for byte.
///
/// Whoever learns holds a lock on the file's folder, so that hosts may be learned side by side, in one process or in
/// several; under the lock the files are read again, because another one may have learned the same host.
pub(super) async fn learn(
    permit: &Permit,
    name: &KnownName,
    files: &KnownHostsFiles,
    key: &PublicKey,
) -> Result<(), HostKeyError> {
    let (name, files, key) = (name.clone(), files.clone(), key.clone());
    let _ = permit;
    let learned = task::spawn_blocking(move || learn_now(&name, &files, &key)).await;
    learned.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
}

fn learn_now(
    name: &KnownName,
    files: &KnownHostsFiles,
    key: &PublicKey,
) -> Result<(), HostKeyError> {
    let not_learned = |error| {
        let file = files.user.first().cloned().unwrap_or_default();
        HostKeyError::new(name, HostKeyErrorKind::NotLearned { file }).because(error)
    };
    let file = target(files).map_err(not_learned)?;
    let _lock = lock_folder(&file).map_err(not_learned)?;
    let known = Known::of(name, files)?;
    match host::judge(&known, key) {
        Judgement::Known => Ok(()),
        Judgement::Changed => Err(host::changed(name, &known, key)),
        Judgement::New => append(&file, name, key).map_err(not_learned),
    }
}

/// The file that takes what is learned; behind a symbolic link the file it leads to, so that the link stays.
fn target(files: &KnownHostsFiles) -> io::Result<PathBuf> {
    let file = files.user.first().ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, "no file of the user's is configured")
    })?;
    match fs::canonicalize(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(file.clone()),
        found => found,
    }
}

/// Locks the folder of `file`, until what is returned is dropped. The file itself is replaced, so that a lock on it
/// would be one on its past.
fn lock_folder(file: &Path) -> io::Result<File> {
    let folder = folder_of(file);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let lock = File::open(folder)?;
    lock.lock()?;
    Ok(lock)
}

fn folder_of(file: &Path) -> &Path {
    let named = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    named.unwrap_or_else(|| Path::new("."))
}

/// Replaces the file by itself with one line more, at once and for good.
fn append(file: &Path, name: &KnownName, key: &PublicKey) -> io::Result<()> {
    let mut bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    let key = PublicKey::from(key.key_data().clone()).to_openssh().map_err(io::Error::other)?;
    writeln!(bytes, "{name} {key}")?;
    let folder = folder_of(file);
    // For its owner only, as the file will be.
    let mut new = tempfile::Builder::new().prefix(".known_hosts.").tempfile_in(folder)?;
    new.write_all(&bytes)?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    File::open(folder)?.sync_all()
}
