//! E0599: no variant or associated item named `AcceptAnything` found for enum `HostKeyPolicy`
//! At most 20 lines.
//!
//! Why: Who takes any key talks to whoever is in between, and hands over passwords.
//!
//! Fix: `KnownHosts` trusts what `ssh` trusts, `Pinned` one fingerprint, and `AcceptNew` a host's key
//! the first time it is seen, but never a changed one.
use harmony_providers::ssh::HostKeyPolicy;

fn main() {
    //~ good: let policy = HostKeyPolicy::AcceptNew;
    let policy = HostKeyPolicy::AcceptAnything;
    drop(format!("{policy:?}"));
}
