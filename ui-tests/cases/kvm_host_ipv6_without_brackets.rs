//! error: an IPv6 address stands in brackets
//! At most 20 lines.
//!
//! Why: Without brackets the last group cannot be told from a port.
//!
//! Fix: Put the address in brackets.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@[2001:db8::1]:22")
    kvm_host!("root@2001:db8::1:22")
}

fn main() {
    drop(address());
}
