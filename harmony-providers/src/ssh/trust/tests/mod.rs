//! What is accepted, what is refused and in which words, and how a key is learned.

mod agree;
mod judged;
mod learned;

use std::{fs, path::PathBuf};

use russh::keys::{
    Certificate, PrivateKey, PublicKey, PublicKeyOrCertificate,
    ssh_key::{
        certificate::{Builder, CertType},
        private::{Ed25519Keypair, KeypairData},
    },
};

use super::{HostKeyError, HostKeyPolicy, HostTrust, KnownHostsFiles, KnownName};

const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEPYIXpFCkrDo+6l6v2ljIePgMdYQAP+yD8MvCL29Hx/1o8XSTlaXtF5t3wmLGeyyL7jSdRDxn1GgAJMfxjtbM8=";

/// A key of a host or an authority; the same number is the same key.
fn private(number: u8) -> PrivateKey {
    let pair = Ed25519Keypair::from_seed(&[number; 32]);
    PrivateKey::new(KeypairData::Ed25519(pair), "").unwrap()
}

fn key(number: u8) -> PublicKey {
    private(number).public_key().clone()
}

fn line(hosts: &str, number: u8) -> String {
    format!("{hosts} {}\n", key(number).to_openssh().unwrap().trim_end())
}

/// A folder with one file of known hosts.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn with(text: &str) -> Self {
        let lab = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(lab.file(), text).unwrap();
        lab
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("known_hosts")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn files(&self) -> KnownHostsFiles {
        KnownHostsFiles { user: vec![self.file()], system: vec![] }
    }

    fn trust(&self, host: &str, port: u16, policy: HostKeyPolicy) -> HostTrust {
        let name = KnownName::of(host, port.try_into().unwrap());
        HostTrust::of(name, policy, self.files()).unwrap()
    }

    fn verify(&self, host: &str, number: u8) -> Result<(), HostKeyError> {
        self.trust(host, 22, HostKeyPolicy::KnownHosts).verify(&bare(number))
    }
}

fn bare(number: u8) -> PublicKeyOrCertificate {
    key(number).into()
}

/// A certificate of `authority` for the key `number`.
fn certificate(
    number: u8,
    authority: u8,
    kind: CertType,
    principal: &str,
    until: u64,
) -> Certificate {
    let subject = key(number).key_data().clone();
    let mut builder = Builder::new(vec![7; 32], subject, 1, until).unwrap();
    builder.cert_type(kind).unwrap();
    if principal.is_empty() {
        builder.all_principals_valid().unwrap();
    } else {
        builder.valid_principal(principal).unwrap();
    }
    builder.sign(&private(authority)).unwrap()
}
