//! Whether a host is the one it should be.

use std::sync::OnceLock;

use harmony_phases::{Context, Intent};
use russh::{
    Preferred,
    keys::{Certificate, PublicKey, PublicKeyOrCertificate},
};

use super::{
    Fingerprint, HostKeyPolicy, KnownHostsFiles, algorithms, certificate,
    error::{HostKeyError, HostKeyErrorKind as Kind, PresentedKey},
    files::{Found, Known},
    learn,
    name::KnownName,
};

/// What one host may present, for the time of one connection.
///
/// It is asked in the key exchange ([`verify`](Self::verify)), and once more when the login has succeeded
/// ([`remember`](Self::remember)): a key is learned only from a host that let us in.
#[derive(Debug)]
pub(in crate::ssh) struct HostTrust {
    name: KnownName,
    policy: HostKeyPolicy,
    files: KnownHostsFiles,
    known: Known,
    new: OnceLock<PublicKey>,
}

impl HostTrust {
    /// Reads what is known of a host.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub(in crate::ssh) fn of(
        name: KnownName,
        policy: HostKeyPolicy,
        files: KnownHostsFiles,
    ) -> Result<Self, HostKeyError> {
        let known = Known::of(&name, &files)?;
        Ok(Self { name, policy, files, known, new: OnceLock::new() })
    }

    /// The algorithms to offer to it.
    pub(in crate::ssh) fn offer(&self) -> Preferred {
        algorithms::offer(&self.known)
    }

    /// Decides about what it presents. The library has verified before that the host has the private key.
    ///
    /// # Errors
    /// It is not accepted.
    pub(in crate::ssh) fn verify(
        &self,
        presented: &PublicKeyOrCertificate,
    ) -> Result<(), HostKeyError> {
        let key = presented.public_key();
        let authority =
            presented.certificate().map(|it| PublicKey::from(it.signature_key().clone()));
        self.not_revoked(&key)?;
        if let Some(authority) = &authority {
            self.not_revoked(authority)?;
        }
        match (presented.certificate(), self.policy) {
            (_, HostKeyPolicy::Pinned(pinned)) => self.is_pinned(&key, pinned),
            (Some(certificate), _) => self.is_certified(certificate, &key),
            (None, _) => self.is_known(&key),
        }
    }

    /// Writes a new key down, if the host presented one.
    ///
    /// # Errors
    /// It could not be written, or somebody has written down another one in the meantime.
    pub(in crate::ssh) async fn remember(&self, ctx: &Context) -> Result<(), HostKeyError> {
        let Some(key) = self.new.get() else { return Ok(()) };
        ctx.effect(Intent::new("learn host key", self.name.to_string()), async |permit| {
            learn::learn(&permit, &self.name, &self.files, key).await
        })
        .await
    }

    fn not_revoked(&self, key: &PublicKey) -> Result<(), HostKeyError> {
        if let Some(found) = self.known.revoked.iter().find(|found| found.is(key)) {
            let presented = PresentedKey::of(key);
            return Err(self.refused(Kind::Revoked { presented, at: found.at.clone() }));
        }
        match &self.known.doubtful {
            Some(at) => Err(self.refused(Kind::Doubtful { at: at.clone() })),
            None => Ok(()),
        }
    }

    fn is_pinned(&self, key: &PublicKey, pinned: Fingerprint) -> Result<(), HostKeyError> {
        if Fingerprint::of(key) == pinned {
            return Ok(());
        }
        Err(self.refused(Kind::NotPinned { presented: PresentedKey::of(key), pinned }))
    }

    /// As OpenSSH has it: a certificate of an authority that is not trusted counts as the bare key in it.
    fn is_certified(&self, certificate: &Certificate, key: &PublicKey) -> Result<(), HostKeyError> {
        let authority = PublicKey::from(certificate.signature_key().clone());
        let Some(trusted) = self.known.authorities.iter().find(|found| found.is(&authority)) else {
            return self.is_known(key);
        };
        match certificate::fault(certificate, &authority, &self.name) {
            None => Ok(()),
            Some(fault) => {
                Err(self.refused(Kind::Certificate { authority: trusted.at.clone(), fault }))
            }
        }
    }

    fn is_known(&self, key: &PublicKey) -> Result<(), HostKeyError> {
        match judge(&self.known, key) {
            Judgement::Known => Ok(()),
            Judgement::Changed => Err(changed(&self.name, &self.known, key)),
            Judgement::New if !self.known.authorities.is_empty() => {
                let authority = self.known.authorities[0].at.clone();
                let presented = PresentedKey::of(key);
                Err(self.refused(Kind::NotCertified { presented, authority }))
            }
            Judgement::New if self.policy == HostKeyPolicy::AcceptNew => {
                // Set twice only by a library that asks twice in one key exchange; the key is the same.
                drop(self.new.set(key.clone()));
                Ok(())
            }
            Judgement::New => Err(self.refused(Kind::Unknown {
                presented: PresentedKey::of(key),
                files: self.files.present(),
                scan: self.name.to_scan(),
            })),
        }
    }

    fn refused(&self, kind: Kind) -> HostKeyError {
        HostKeyError::new(&self.name, kind)
    }
}

/// What `known` says of a bare key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Changed,
    Known,
    New,
}

pub(super) fn judge(known: &Known, key: &PublicKey) -> Judgement {
    let is_key = |found: &Found| found.is(key);
    if known.keys.iter().any(is_key) {
        return Judgement::Known;
    }
    if !known.keys.is_empty() {
        return Judgement::Changed;
    }
    // As OpenSSH has it: a line without the port vouches for the key, and is no reason to refuse another one.
    if known.portless.iter().any(is_key) { Judgement::Known } else { Judgement::New }
}

/// The refusal of a key that is not the one that is known.
pub(super) fn changed(name: &KnownName, known: &Known, key: &PublicKey) -> HostKeyError {
    let remedy = match known.keys.first() {
        Some(found) if found.removable => {
            let (name, file) = (name.to_string(), found.at.file.display().to_string());
            let words = ["ssh-keygen", "-R", &name, "-f", &file];
            let line = shlex::try_join(words).unwrap_or_else(|_| words.join(" "));
            format!("run: {line}")
        }
        _ => "mend the line".to_owned(),
    };
    HostKeyError::new(
        name,
        Kind::Changed {
            presented: PresentedKey::of(key),
            known: known.keys.iter().map(Found::to_known).collect(),
            remedy,
        },
    )
}
