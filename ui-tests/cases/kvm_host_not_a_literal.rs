//! error: `kvm_host!` takes one text
//! At most 20 lines.
//!
//! Why: The macro reads the address while the program compiles; what a variable holds is known later.
//!
//! Fix: Parse it: the parser is the same, and its error points at the bad part too.
use harmony_providers::kvm_host::{KvmHostAddress, kvm_host};
use harmony_types::AddressError;

fn address(text: &str) -> Result<KvmHostAddress, AddressError> {
    //~ good: text.parse()
    Ok(kvm_host!(text))
}

fn main() {
    drop(address("h1.example"));
}
