//! What is offered to a host: nothing broken, and the kinds of keys first that are known for it.

use std::borrow::Cow;

use harmony_types::Printable;
#[cfg(feature = "ssh-rsa")]
use russh::keys::HashAlg;
use russh::{
    AlgorithmKind, Preferred,
    keys::{Algorithm, EcdsaCurve},
};

use super::files::Known;

/// The kinds of host keys that can be verified, best first. RSA only with SHA-2, and where the build has RSA.
const KINDS: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    #[cfg(feature = "ssh-rsa")]
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    #[cfg(feature = "ssh-rsa")]
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// What to offer to a host of which `known` is known.
///
/// The lists of the library hold no algorithm with SHA-1, MD5, CBC or group 1; its list of kinds of host keys does,
/// and is replaced.
pub(super) fn offer(known: &Known) -> Preferred {
    let key = known_first(known);
    let certificates = if known.authorities.is_empty() { Vec::new() } else { KINDS.to_vec() };
    Preferred {
        key: Cow::Owned(key),
        host_key_certificates: Cow::Owned(certificates),
        compression: Cow::Borrowed(&[russh::compression::NONE]),
        ..Preferred::DEFAULT
    }
}

fn known_first(known: &Known) -> Vec<Algorithm> {
    let is_known = |kind: &Algorithm| {
        known
            .keys
            .iter()
            .chain(&known.portless)
            .any(|found| same_kind(&found.key.algorithm(), kind))
    };
    let (first, rest): (Vec<_>, Vec<_>) = KINDS.iter().cloned().partition(is_known);
    [first, rest].concat()
}

/// Whether a key of `a` can be presented under `b`: an RSA key under every one of its hashes.
fn same_kind(a: &Algorithm, b: &Algorithm) -> bool {
    a == b || matches!((a, b), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
}

/// In words, that a host offers nothing that is accepted, where that is why the library gave up.
pub(in crate::ssh) fn nothing_in_common(error: &russh::Error) -> Option<String> {
    let russh::Error::NoCommonAlgo { kind, ours, theirs } = error else { return None };
    let (what, hint) = match kind {
        AlgorithmKind::Cipher => ("cipher", ""),
        AlgorithmKind::Compression => ("compression", ""),
        AlgorithmKind::Kex => ("key exchange", ""),
        AlgorithmKind::Key if cfg!(feature = "ssh-rsa") => ("kind of host key", ""),
        AlgorithmKind::Key => (
            "kind of host key",
            "; give the host an ed25519 key (ssh-keygen -A), or build with the feature `ssh-rsa`",
        ),
        AlgorithmKind::Mac => ("message authentication code", ""),
    };
    let shown = |names: &[String]| Printable::of(&names.join(", ")).at_most(300).to_string();
    Some(format!(
        "the host offers no {what} that is safe enough: it offers {}, and {} are accepted{hint}",
        shown(theirs),
        shown(ours)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_broken_is_offered() {
        let offer = offer(&Known::default());
        let names: Vec<String> = (offer.kex.iter().map(|name| name.as_ref().to_owned()))
            .chain(offer.key.iter().map(ToString::to_string))
            .chain(offer.cipher.iter().map(|name| name.as_ref().to_owned()))
            .chain(offer.mac.iter().map(|name| name.as_ref().to_owned()))
            .collect();
        assert!(names.len() > 10, "{names:?}");
        for broken in ["sha1", "md5", "cbc", "group1-", "ssh-dss", "arcfour", "none", "3des"] {
            assert!(!names.iter().any(|name| name.contains(broken)), "{broken} in {names:?}");
        }
        assert!(!names.iter().any(|name| name == "ssh-rsa"), "{names:?}");
        assert!(offer.host_key_certificates.is_empty());
    }

    #[test]
    fn what_a_weak_host_offers_is_said() {
        let error = russh::Error::NoCommonAlgo {
            kind: AlgorithmKind::Key,
            ours: vec!["ssh-ed25519".to_owned()],
            theirs: vec!["ssh-rsa".to_owned(), "ssh-\u{1b}dss".to_owned()],
        };
        let said = nothing_in_common(&error).unwrap();
        assert!(said.contains("it offers ssh-rsa, ssh-\\u{1b}dss, and ssh-ed25519"), "{said}");
        assert!(nothing_in_common(&russh::Error::Disconnect).is_none());
    }
}
