//! error: the bracket is not closed
//! At most 20 lines.
//!
//! Why: Where the address ends cannot be told.
//!
//! Fix: Close the bracket.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

fn address() -> KvmHostAddress {
    //~ good: kvm_host!("root@[2001:db8::1]")
    kvm_host!("root@[2001:db8::1")
}

fn main() {
    drop(address());
}
