//! How a host is reached.

#[cfg(feature = "ssh")]
use crate::ssh::Ssh;

/// How a host is reached.
#[derive(Clone, Debug)]
pub(in crate::kvm_host) enum Reach {
    /// It is the machine that this program runs on.
    Here,
    /// Over SSH.
    #[cfg(feature = "ssh")]
    Ssh(Ssh),
}
