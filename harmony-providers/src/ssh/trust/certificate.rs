//! Host certificates, which an authority of `@cert-authority` signed.

use russh::keys::{Algorithm, Certificate, HashAlg, PublicKey, ssh_key::certificate::CertType};

use super::name::KnownName;

/// What is wrong with a certificate that `authority` signed, for the host `name`.
///
/// Stricter than OpenSSH in one thing: a certificate that names no host is good for none, not for all.
pub(super) fn fault(
    certificate: &Certificate,
    authority: &PublicKey,
    name: &KnownName,
) -> Option<&'static str> {
    if certificate.cert_type() != CertType::Host {
        return Some("it is a certificate for users, not for hosts");
    }
    let names = certificate.valid_principals();
    if !names.iter().any(|principal| principal.eq_ignore_ascii_case(name.host())) {
        return Some("it is not for this host's name");
    }
    if !certificate.critical_options().is_empty() {
        return Some("it makes conditions, and hosts have none");
    }
    let algorithm = certificate.signature().algorithm();
    if algorithm.clone().is_rsa() && !cfg!(feature = "ssh-rsa") {
        return Some("the authority is an RSA key, and this build has no RSA (feature `ssh-rsa`)");
    }
    if algorithm == (Algorithm::Rsa { hash: None }) {
        return Some("it is signed with SHA-1");
    }
    let trusted = authority.fingerprint(HashAlg::Sha256);
    match certificate.validate([&trusted]) {
        Ok(()) => None,
        Err(_) => Some("its signature is not good, or it is not valid at this time"),
    }
}
