#![no_main]

use harmony_phases::inventory::Inventory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(inventory) = Inventory::from_toml(text) {
        let again = Inventory::from_toml(&inventory.to_toml());
        assert_eq!(again.expect("what was written can be read").hosts(), inventory.hosts());
    }
});
