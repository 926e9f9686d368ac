//! error: a path does not belong in the address of a host
//! At most 20 lines.
//!
//! Why: A host is reached, not a file on it.
//!
//! Fix: Leave the path out; scores say which files they are about.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("ssh://root@h1.example")
    kvm_host!("ssh://root@h1.example/srv")
}

fn main() {
    drop(address());
}
