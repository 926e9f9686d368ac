use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use harmony_phases::{
    Context, Secret, SecretRef,
    secret::{SecretError, SecretSource},
};
use russh::keys::{
    PrivateKey,
    ssh_key::{
        LineEnding,
        private::{Ed25519Keypair, KeypairData},
    },
};

use super::{
    Attempt, Credential, LoginError, Outcome, ResolvedCredential, key_file::KeyFile, resolve,
};
use crate::ssh::config::{SshConfig, Target};

const PLANTED: &str = "pl4nt3d-s3cret";

/// A source whose only secret is the planted one.
#[derive(Debug)]
struct Planted;

#[async_trait::async_trait]
impl SecretSource for Planted {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        Ok((reference.name() == "planted").then(|| Secret::new(PLANTED.to_owned())))
    }
}

fn context() -> Context {
    Context::builder("lab".parse().unwrap()).secret_source(Planted).build()
}

fn target() -> Target {
    SshConfig::none().resolve(&"root@h1".parse().unwrap()).unwrap()
}

/// A key file with these permissions.
fn key_file(folder: &tempfile::TempDir, mode: u32) -> PathBuf {
    let pair = Ed25519Keypair::from_seed(&[3; 32]);
    let key = PrivateKey::new(KeypairData::Ed25519(pair), "").unwrap();
    let path = folder.path().join("id");
    fs::write(&path, key.to_openssh(LineEnding::LF).unwrap()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[tokio::test]
async fn no_secret_is_in_what_a_resolved_credential_prints() {
    let credentials = [
        Credential::Password("test:planted".parse().unwrap()),
        Credential::key_file("/k", Some("test:planted".parse().unwrap())),
        Credential::Password("test:missing".parse().unwrap()),
    ];
    let resolved = resolve(&context(), &credentials, &target()).await;
    let printed = format!("{resolved:?} {credentials:?}");
    assert!(!printed.contains(PLANTED), "{printed}");
    let [_, _, ResolvedCredential::Missing(attempt)] = &resolved[..] else { panic!("{printed}") };
    let said = attempt.to_string();
    assert!(said.starts_with("password test:missing: failed to resolve secret"), "{said}");
}

#[tokio::test]
async fn no_credentials_stand_for_the_agent_and_the_named_keys() {
    let target = Target { identity_files: vec!["/a".into(), "/b".into()], ..target() };
    let resolved = resolve(&context(), &[], &target).await;
    assert!(matches!(
        &resolved[..],
        [ResolvedCredential::Agent { .. }, ResolvedCredential::Key(_), ResolvedCredential::Key(_)]
    ));
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder, 0o640);
    let why = KeyFile::new(path.clone(), None).key().await.unwrap_err();
    assert_eq!(why, format!("others can read it; run: chmod 600 {}", path.display()));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    KeyFile::new(path, None).key().await.unwrap();
}

#[tokio::test]
async fn what_is_no_key_is_said_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder, 0o600);
    fs::write(&path, format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{PLANTED}\n-----END")).unwrap();
    let why = KeyFile::new(path.clone(), None).key().await.unwrap_err();
    assert!(why.starts_with("not a private key"), "{why}");
    assert!(!why.contains(PLANTED), "{why}");
    fs::remove_file(&path).unwrap();
    assert_eq!(KeyFile::new(path, None).key().await.unwrap_err(), "there is no such file");
}

#[cfg(not(feature = "ssh-rsa"))]
#[tokio::test]
async fn an_rsa_key_is_passed_over_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(&folder, 0o600);
    fs::write(&path, "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n")
        .unwrap();
    let why = KeyFile::new(path, None).key().await.unwrap_err();
    assert!(why.contains("`ssh-rsa`"), "{why}");
}

#[test]
fn an_error_says_what_was_tried_and_what_to_do() {
    let tried = vec![
        Attempt::unusable("agent", "SSH_AUTH_SOCK is not set"),
        Attempt::new("key /k", Outcome::Refused),
        Attempt::new("password env:P", Outcome::NotOffered),
    ];
    let error = LoginError::new("root", tried, vec!["publickey"]);
    assert_eq!(
        error.to_string(),
        "log in as `root`: nothing was accepted; tried agent: SSH_AUTH_SOCK is not set, key /k: refused, \
         password env:P: not taken by the server; the server still takes publickey"
    );
    assert!(error.advice().unwrap().contains("authorized_keys"));
    let nothing = LoginError::new("root", vec![], vec![]);
    assert!(nothing.advice().unwrap().contains("ssh-add"));
    assert!(!nothing.is_lost() && LoginError::new("root", vec![], vec![]).ended(None).is_lost());
}
