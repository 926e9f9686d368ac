//! `kvm_host!`, seen from where users stand.
#![cfg(feature = "libvirt")]

use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};

#[test]
fn a_literal_is_what_the_parser_makes_of_it() {
    assert_eq!(kvm_host!("here"), KvmHostAddress::Here);
    let text = "ssh://root@[2001:db8::1]:2222";
    assert_eq!(kvm_host!("ssh://root@[2001:db8::1]:2222"), text.parse().unwrap());
}
