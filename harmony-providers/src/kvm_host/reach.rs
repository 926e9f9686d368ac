//! How a host is reached.

/// How a host is reached.
#[derive(Clone, Debug)]
pub(in crate::kvm_host) enum Reach {
    /// It is the machine that this program runs on.
    Here,
}
