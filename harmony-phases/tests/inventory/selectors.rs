//! What selectors pick, and how they point at a mistake.

use harmony_phases::inventory::{Host, Inventory, Selector};

fn inventory() -> Inventory {
    let host = |name: &str, last: u8| {
        Host::new(name.parse().unwrap(), format!("10.0.0.{last}").parse().unwrap())
    };
    Inventory::new([
        host("kvm-1", 1).label("role", "kvm").label("zone", "a"),
        host("kvm-2", 2).label("role", "kvm").label("zone", "b"),
        host("web-1", 3).label("role", "web").label("zone", "a"),
        host("spare", 4),
    ])
    .unwrap()
}

fn picked(selector: &str) -> String {
    let (inventory, selector) = (inventory(), selector.parse::<Selector>().unwrap());
    let names: Vec<_> = inventory.select(&selector).map(|host| host.name.as_str()).collect();
    names.join(" ")
}

#[test]
fn every_term_must_hold() {
    assert_eq!(picked("all"), "kvm-1 kvm-2 web-1 spare");
    assert_eq!(picked("role=kvm"), "kvm-1 kvm-2");
    assert_eq!(picked("role=kvm,zone!=b"), "kvm-1");
    assert_eq!(picked(" role = kvm , name ~ *-2 "), "kvm-2");
    assert_eq!(picked("name=kvm-1|web-1"), "kvm-1 web-1");
    assert_eq!(picked("address~10.0.0.?,name!~kvm*"), "web-1 spare");
    assert_eq!(picked("role=none"), "");
}

#[test]
fn a_host_without_the_label_is_not_and_is_not_like() {
    assert_eq!(picked("role!=kvm"), "web-1 spare");
    assert_eq!(picked("role~*"), "kvm-1 kvm-2 web-1");
    assert_eq!(picked("role!~*"), "spare");
}

#[test]
fn the_bad_part_is_underlined() {
    let refused = |text: &str| text.parse::<Selector>().unwrap_err().to_string();
    assert_eq!(
        refused("role=worker, kvm-1,zone=a"),
        "expected `=`, `!=`, `~` or `!~`; to pick hosts by name write `name=kvm-1`, at character 14 of the selector:\n    role=worker, kvm-1,zone=a\n                 ^^^^^"
    );
    assert!(refused("role==a").ends_with("    role==a\n         ^^"), "{}", refused("role==a"));
    assert!(refused("role=").ends_with("    role=\n         ^"));
    assert!(refused("rôle=a").ends_with("    rôle=a\n    ^^^^"));
    assert!(refused("a!b").ends_with("    a!b\n     ^"));
    assert!(refused("a=b,,c=d").contains("at character 5"));
    assert!(refused("").starts_with("expected a term such as `role=worker`, or `all`"));
    assert!(refused("a=b|").contains("expected a value, at character 5"));
    assert!(!refused("\u{1b}[2J").contains('\u{1b}'));
}
