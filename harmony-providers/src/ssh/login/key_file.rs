//! Key files: private, read once, and decrypted when they are first needed.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use harmony_phases::Secret;
use russh::keys::{Error, PrivateKey, PublicKey, decode_secret_key, load_public_key};
use tokio::{sync::OnceCell, task};

/// A key file, and what opens it.
#[derive(Debug)]
pub(in crate::ssh) struct KeyFile {
    path: PathBuf,
    passphrase: Option<Arc<Secret<String>>>,
    key: OnceCell<Result<Arc<PrivateKey>, String>>,
}

impl KeyFile {
    pub(super) fn new(path: PathBuf, passphrase: Option<Secret<String>>) -> Self {
        Self { path, passphrase: passphrase.map(Arc::new), key: OnceCell::new() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The key, or in words why there is none.
    pub(super) async fn key(&self) -> Result<Arc<PrivateKey>, String> {
        let opened = self.key.get_or_init(|| {
            let (path, passphrase) = (self.path.clone(), self.passphrase.clone());
            async move {
                // Decrypting takes as long as its author wanted it to.
                let opened = task::spawn_blocking(move || open(&path, passphrase.as_deref())).await;
                opened.unwrap_or_else(|failed| Err(failed.to_string())).map(Arc::new)
            }
        });
        opened.await.clone()
    }

    /// The public key beside it (`….pub`), where there is one.
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".pub");
        load_public_key(beside).ok()
    }
}

/// The usual key files of the user, as far as they are there.
pub(super) fn usual() -> Vec<PathBuf> {
    let folder = env::home_dir().unwrap_or_default().join(".ssh");
    let names = ["id_ed25519", "id_ecdsa", "id_rsa"];
    names.map(|name| folder.join(name)).into_iter().filter(|path| path.exists()).collect()
}

fn open(path: &Path, passphrase: Option<&Secret<String>>) -> Result<PrivateKey, String> {
    let text = read(path)?;
    let passphrase = passphrase.map(|secret| secret.expose().as_str());
    let key = match decode_secret_key(text.expose(), passphrase) {
        Ok(key) if key.is_encrypted() => return Err(locked(passphrase)),
        Ok(key) => key,
        Err(Error::UnsupportedKeyType { .. }) => return Err(NO_RSA.to_owned()),
        Err(Error::KeyIsEncrypted) => return Err(locked(passphrase)),
        Err(_) if passphrase.is_some() => return Err(locked(passphrase)),
        // What a key file holds does not go into a message: the library's own words are kept, the text is not.
        Err(error) => return Err(format!("not a private key that can be read ({error})")),
    };
    if key.algorithm().is_rsa() && !cfg!(feature = "ssh-rsa") {
        return Err(NO_RSA.to_owned());
    }
    Ok(key)
}

const NO_RSA: &str =
    "an RSA key, and this build has no RSA (feature `ssh-rsa`); use an agent or an ed25519 key";

fn locked(passphrase: Option<&str>) -> String {
    match passphrase {
        Some(_) => "its passphrase does not open it".to_owned(),
        None => "encrypted, and no passphrase is named for it".to_owned(),
    }
}

/// The text of a file that nobody but its owner can read.
fn read(path: &Path) -> Result<Secret<String>, String> {
    let metadata = fs::metadata(path).map_err(|error| why(&error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(format!("others can read it; run: chmod 600 {}", path.display()));
    }
    fs::read_to_string(path).map(Secret::new).map_err(|error| why(&error))
}

fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => format!("it cannot be read ({kind})"),
    }
}
