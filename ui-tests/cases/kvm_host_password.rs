//! error: a password does not belong in an address
//! At most 20 lines.
//!
//! Why: An address is seen by everybody: in plans, events, errors and process lists.
//!
//! Fix: Leave it out, and give `ConnectSsh` a credential that names a secret.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@h1.example")
    kvm_host!("root:hunter2@h1.example")
}

fn main() {
    drop(address());
}
