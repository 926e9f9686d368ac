//! error: the port is not a number
//! At most 20 lines.
//!
//! Why: Names of services mean different ports on different machines.
//!
//! Fix: Write the number.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example:22")
    kvm_host!("root@h1.example:ssh")
}

fn main() {
    drop(address());
}
