//! error: it is no user name: ' ' at position 5 is not one of
//! At most 20 lines.
//!
//! Why: The name becomes part of commands on both sides.
//!
//! Fix: Write the user's name as the host has it.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example")
    kvm_host!("root user@h1.example")
}

fn main() {
    drop(address());
}
