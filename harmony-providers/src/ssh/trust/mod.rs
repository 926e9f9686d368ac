//! Host keys: which host is at the other end, decided before anything is said to it.
//!
//! A host key is verified on every connection. What a host may present comes from the `known_hosts` files that
//! OpenSSH has too (the user's and the system's, with hashed names, wildcards, negations, ports, `@revoked` and
//! `@cert-authority`), or from a fingerprint. There is no policy that accepts any key.
//!
//! The kinds of keys that are known for a host are offered first, so that a host with several keys presents one that
//! is known. Algorithms that are broken are not offered at all.

mod algorithms;
mod certificate;
mod error;
mod files;
mod fingerprint;
mod glob;
mod host;
mod learn;
mod line;
mod name;
mod policy;

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod tests;

pub(super) use algorithms::nothing_in_common;
pub use error::{HostKeyError, HostKeyErrorKind, KnownKey, Place, PresentedKey};
pub(super) use files::KnownHostsFiles;
pub use fingerprint::Fingerprint;
pub(super) use host::HostTrust;
pub(super) use name::KnownName;
pub use policy::HostKeyPolicy;
