//! The `known_hosts` files, and what they say of one host.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use russh::keys::{PublicKey, ssh_key::known_hosts::Marker};

use super::{
    error::{HostKeyError, HostKeyErrorKind, KnownKey, Place},
    line::{self, Unreadable},
    name::KnownName,
};

/// Where known host keys are: the user's files, of which the first takes what is learned, and the system's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ssh) struct KnownHostsFiles {
    pub(in crate::ssh) user: Vec<PathBuf>,
    pub(in crate::ssh) system: Vec<PathBuf>,
}

impl KnownHostsFiles {
    /// The files that OpenSSH reads for the user of this home folder.
    pub(in crate::ssh) fn of_user_at(home: &Path) -> Self {
        let (user, system) = (home.join(".ssh"), Path::new("/etc/ssh"));
        Self {
            user: ["known_hosts", "known_hosts2"].map(|name| user.join(name)).into(),
            system: ["ssh_known_hosts", "ssh_known_hosts2"].map(|name| system.join(name)).into(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        self.user.iter().chain(&self.system)
    }

    /// The files that are there.
    pub(super) fn present(&self) -> Vec<PathBuf> {
        self.all().filter(|file| file.exists()).cloned().collect()
    }
}

/// What the files say of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Keys it may present.
    pub(super) keys: Vec<Found>,
    /// Keys that sign certificates it may present.
    pub(super) authorities: Vec<Found>,
    /// Keys that nobody may present or sign with.
    pub(super) revoked: Vec<Found>,
    /// Keys of the same host without its port.
    pub(super) portless: Vec<Found>,
    /// The first line that may revoke something and cannot be understood.
    pub(super) doubtful: Option<Place>,
}

/// A key and the line it stands in.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) key: PublicKey,
    pub(super) at: Place,
    pub(super) removable: bool,
}

impl Found {
    /// Whether it is `key`, whatever their comments say.
    pub(super) fn is(&self, key: &PublicKey) -> bool {
        self.key.key_data() == key.key_data()
    }

    pub(super) fn to_known(&self) -> KnownKey {
        KnownKey::of(&self.key, self.at.clone())
    }
}

impl Known {
    /// Reads what `files` say of `name`; a file that is not there says nothing.
    pub(super) fn of(name: &KnownName, files: &KnownHostsFiles) -> Result<Self, HostKeyError> {
        let mut known = Self::default();
        for file in files.all() {
            match fs::read(file) {
                Ok(bytes) => known.add(name, file, &String::from_utf8_lossy(&bytes)),
                Err(error) if is_absent(&error) => {}
                Err(error) => {
                    let kind = HostKeyErrorKind::Unreadable { file: file.clone() };
                    return Err(HostKeyError::new(name, kind).because(error));
                }
            }
        }
        Ok(known)
    }

    /// Adds what the text of `file` says of `name`.
    pub(super) fn add(&mut self, name: &KnownName, file: &Path, text: &str) {
        let portless = name.without_port();
        for (number, text) in text.lines().enumerate() {
            let at = || Place { file: file.to_owned(), line: number + 1 };
            let line = match line::read(text) {
                None => continue,
                Some(Ok(line)) => line,
                Some(Err(Unreadable::Plain)) => {
                    log::debug!("{} cannot be understood: passed over", at());
                    continue;
                }
                Some(Err(Unreadable::Marked)) => {
                    self.doubtful.get_or_insert_with(at);
                    continue;
                }
            };
            let here = line.is_about(name);
            let bare = portless.as_ref().is_some_and(|bare| line.is_about(bare));
            let found =
                || Found { key: line.key().clone(), at: at(), removable: line.names_hosts() };
            match line.marker() {
                Some(Marker::Revoked) if here || bare => self.revoked.push(found()),
                Some(Marker::CertAuthority) if here => self.authorities.push(found()),
                None if here => self.keys.push(found()),
                None if bare => self.portless.push(found()),
                _ => {}
            }
        }
    }
}

/// Whether there is no such file; `/dev/null/x` and the like are no files either.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
