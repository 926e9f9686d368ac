//! The readers never panic, and what is written is read back.

use harmony_phases::inventory::{Host, Inventory, Selector};
use harmony_types::MacAddress;
use proptest::prelude::*;

fn any_host() -> impl Strategy<Value = Host> {
    let host = prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| std::net::Ipv4Addr::from(ip).to_string()),
        any::<[u16; 8]>().prop_map(|ip| format!("[{}]", std::net::Ipv6Addr::from(ip))),
        "[a-z]{1,8}\\.example",
    ];
    let address = ("([a-z_][a-z0-9_-]{0,8}@)?", host, "(:[1-9][0-9]{0,3})?");
    let macs = proptest::collection::vec(any::<[u8; 3]>().prop_map(MacAddress::qemu), 0..3);
    let label = ("[a-zA-Z/_.-]{8,12}", "[^,|\\pC\\s\"]{1,3}[\"\\\\ é]?[^,|\\pC\\s]{1,3}");
    let labels = proptest::collection::btree_map(label.0, label.1, 0..4);
    ("[a-z][a-z0-9]{0,8}", address, macs, labels).prop_map(|(name, address, macs, labels)| {
        let address = format!("{}{}{}", address.0, address.1, address.2);
        Host { name: name.parse().unwrap(), address: address.parse().unwrap(), macs, labels }
    })
}

/// A text that is nearly an inventory.
fn nearly() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("[[host]]".to_owned()),
        Just("[defaults]".to_owned()),
        "(name|address|user|port|macs|labels|x) = .{0,20}",
        "(name|address|user) = \"[^\"]{0,20}\"",
        "macs = \\[(\"[0-9a-f:]{0,18}\",?){0,3}\\]",
        "labels = \\{ (.{0,4} = \".{0,4}\",?){0,3} \\}",
        "\\PC{0,20}",
    ];
    proptest::collection::vec(line, 0..10).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in prop_oneof![nearly(), any::<String>()]) {
        if let Err(error) = Inventory::from_toml(&text) {
            let place = error.place().expect("every error of a text has a place");
            let line = text.split('\n').nth(place.line - 1);
            let width = line.expect("the line is one of the text").chars().count();
            prop_assert!(place.column >= 1 && place.column <= width + 1, "{place:?} {text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back(hosts in proptest::collection::vec(any_host(), 0..6)) {
        // Two random hosts may well share a name; those are refused and no matter here.
        if let Ok(inventory) = Inventory::new(hosts) {
            let text = inventory.to_toml();
            prop_assert_eq!(Inventory::from_toml(&text).expect(&text), inventory);
        }
    }

    #[test]
    fn any_selector_is_read_or_refused_inside_its_text(text in "[a-z=!~|, *?é\\u{7}]{0,20}|\\PC{0,20}") {
        match text.parse::<Selector>() {
            Ok(selector) => prop_assert_eq!(selector.to_string().parse(), Ok(selector)),
            Err(error) => {
                let (at, length) = error.part();
                prop_assert!(at + length <= text.chars().count(), "{}", error);
            }
        }
    }
}
