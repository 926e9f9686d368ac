//! error: the port must lie between 1 and 65535
//! At most 20 lines.
//!
//! Why: No service can listen there.
//!
//! Fix: Write the port of the SSH server; without one it is 22.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example:7000")
    kvm_host!("root@h1.example:70000")
}

fn main() {
    drop(address());
}
