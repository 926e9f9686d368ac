//! error: the scheme is not known: only `ssh://` is
//! At most 20 lines.
//!
//! Why: Hosts are reached over SSH; what goes through it is found out by looking.
//!
//! Fix: Write `ssh://`, or no scheme.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("ssh://h1.example")
    kvm_host!("https://h1.example")
}

fn main() {
    drop(address());
}
