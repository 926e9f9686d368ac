#![no_main]

use harmony_types::{KvmHostAddress, SshAddress};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(address) = text.parse::<SshAddress>() {
        assert_eq!(address.to_string().parse::<SshAddress>().as_ref(), Ok(&address));
    }
    if let Ok(address) = text.parse::<KvmHostAddress>() {
        assert_eq!(address.to_string().parse::<KvmHostAddress>().as_ref(), Ok(&address));
    }
});
