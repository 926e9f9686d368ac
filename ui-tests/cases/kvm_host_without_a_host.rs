//! error: the host is missing
//! At most 20 lines.
//!
//! Why: There is nothing to connect to.
//!
//! Fix: Write the host's name or address after the at sign.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example")
    kvm_host!("root@")
}

fn main() {
    drop(address());
}
