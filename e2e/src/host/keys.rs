//! SSH keys of hosts and of those who log in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::run;

/// A pair of files as `ssh-keygen` writes them: the private key, and the public one in `.pub`.
#[derive(Clone, Debug)]
pub struct KeyPair {
    private: PathBuf,
}

impl KeyPair {
    /// Makes an ed25519 key at `private`, locked with `passphrase` unless that is empty.
    ///
    /// # Errors
    /// When ssh-keygen is not installed, or the file exists.
    pub fn generate(private: impl Into<PathBuf>, passphrase: &str) -> Result<Self> {
        Self::of_kind("ed25519", private.into(), passphrase)
    }

    /// The key that was made at `private` before.
    pub(super) fn at(private: PathBuf) -> Self {
        Self { private }
    }

    /// Makes a key of the `kind` that `ssh-keygen -t` takes.
    ///
    /// # Errors
    /// As for [`generate`](Self::generate).
    pub fn of_kind(kind: &str, private: PathBuf, passphrase: &str) -> Result<Self> {
        let path = private.to_str().context("a key's path is not UTF-8")?;
        let args = ["-q", "-t", kind, "-N", passphrase, "-C", "harmony-e2e", "-f", path];
        run(Path::new("/"), "ssh-keygen", &args)?;
        Ok(Self { private })
    }

    /// The file of the private key.
    pub fn private(&self) -> &Path {
        &self.private
    }

    /// The public key as one line: kind, base64, comment.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn public(&self) -> Result<String> {
        let path = self.private.with_extension("pub");
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(text.trim().to_owned())
    }

    /// The fingerprint, `SHA256:…`, as ssh shows it.
    ///
    /// # Errors
    /// When ssh-keygen cannot read the key.
    pub fn fingerprint(&self) -> Result<String> {
        let path = self.private.to_str().context("a key's path is not UTF-8")?;
        let shown = run(Path::new("/"), "ssh-keygen", &["-l", "-E", "sha256", "-f", path])?;
        let fingerprint = shown.split_whitespace().nth(1).context("ssh-keygen showed nothing")?;
        Ok(fingerprint.to_owned())
    }
}
