//! Whether a host is the one it should be.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

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

/// What one host may present, for as long as somebody is connected to it.
///
/// It is asked in every key exchange ([`verify`](Self::verify)), and once more when the first login has succeeded
/// ([`remember`](Self::remember)): a key is learned only from a host that let us in. When the connection is opened
/// again the files are read again, so that what was learned is known and what was revoked meanwhile is refused.
#[derive(Debug)]
pub(in crate::ssh) struct HostTrust {
    name: KnownName,
    policy: HostKeyPolicy,
    files: KnownHostsFiles,
    known: Known,
    asked: AtomicBool,
    new: Mutex<Option<PublicKey>>,
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
        Ok(Self { name, policy, files, known, asked: AtomicBool::default(), new: Mutex::default() })
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
        let known = if self.asked.swap(true, Ordering::Relaxed) {
            &Known::of(&self.name, &self.files)?
        } else {
            &self.known
        };
        let key = presented.public_key();
        *self.unlearned() = None;
        self.not_revoked(known, &key)?;
        if let Some(certificate) = presented.certificate() {
            self.not_revoked(known, &certificate.signature_key().clone().into())?;
        }
        match (presented.certificate(), self.policy) {
            (_, HostKeyPolicy::Pinned(pinned)) => self.is_pinned(&key, pinned),
            (Some(certificate), _) => self.is_certified(known, certificate, &key),
            (None, _) => self.is_known(known, &key),
        }
    }

    /// Writes a new key down, if the host presented one.
    ///
    /// # Errors
    /// It could not be written, or somebody has written down another one in the meantime.
    pub(in crate::ssh) async fn remember(&self, ctx: &Context) -> Result<(), HostKeyError> {
        let Some(key) = self.unlearned().clone() else { return Ok(()) };
        ctx.effect(Intent::new("learn host key", self.name.to_string()), async |permit| {
            learn::learn(&permit, &self.name, &self.files, &key).await
        })
        .await
    }

    fn unlearned(&self) -> MutexGuard<'_, Option<PublicKey>> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn not_revoked(&self, known: &Known, key: &PublicKey) -> Result<(), HostKeyError> {
        if let Some(found) = known.revoked.iter().find(|found| found.is(key)) {
            let presented = PresentedKey::of(key);
            return Err(self.refused(Kind::Revoked { presented, at: found.at.clone() }));
        }
        match &known.doubtful {
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
    fn is_certified(
        &self,
        known: &Known,
        certificate: &Certificate,
        key: &PublicKey,
    ) -> Result<(), HostKeyError> {
        let authority = PublicKey::from(certificate.signature_key().clone());
        let Some(trusted) = known.authorities.iter().find(|found| found.is(&authority)) else {
            return self.is_known(known, key);
        };
        match certificate::fault(certificate, &authority, &self.name) {
            None => Ok(()),
            Some(fault) => {
                Err(self.refused(Kind::Certificate { authority: trusted.at.clone(), fault }))
            }
        }
    }

    fn is_known(&self, known: &Known, key: &PublicKey) -> Result<(), HostKeyError> {
        match judge(known, key) {
            Judgement::Known => Ok(()),
            Judgement::Changed => Err(changed(&self.name, known, key)),
            Judgement::New if !known.authorities.is_empty() => {
                let authority = known.authorities[0].at.clone();
                let presented = PresentedKey::of(key);
                Err(self.refused(Kind::NotCertified { presented, authority }))
            }
            Judgement::New if self.policy == HostKeyPolicy::AcceptNew => {
                *self.unlearned() = Some(key.clone());
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
