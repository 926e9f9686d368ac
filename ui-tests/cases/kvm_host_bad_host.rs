//! error: it is no host: '_' at position 3
//! At most 20 lines.
//!
//! Why: A host name has letters, digits, hyphens and dots (RFC 1123); resolvers refuse others.
//!
//! Fix: Write the name as DNS has it.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example")
    kvm_host!("root@h1_example")
}

fn main() {
    drop(address());
}
