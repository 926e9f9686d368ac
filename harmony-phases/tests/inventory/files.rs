//! Every mistake in a file is shown with its place and its remedy.

use std::{fs, path::Path};

use harmony_phases::inventory::{Host, Inventory, InventoryErrorKind};

const TWO: &str = r#"
[defaults]
user = "admin"
port = 2222
labels = { zone = "a", role = "worker" }

[[host]]
name = "h1"
address = "192.0.2.1"
macs = ["52:54:00:00:00:01"]
labels = { role = "kvm" }

[[host]]
name = "h2"
address = "root@h2.example"
port = 22
"#;

fn refused(text: &str) -> String {
    Inventory::from_toml(text).unwrap_err().to_string()
}

fn host(more: &str) -> String {
    format!("[[host]]\nname = \"h1\"\naddress = \"192.0.2.1\"\n{more}\n")
}

#[test]
fn defaults_fill_in_what_a_host_does_not_say() {
    let inventory = Inventory::from_toml(TWO).unwrap();
    let [first, second] = inventory.hosts() else { panic!("{inventory:?}") };
    assert_eq!(first.address.to_string(), "admin@192.0.2.1:2222");
    assert_eq!((first.labels["role"].as_str(), first.labels["zone"].as_str()), ("kvm", "a"));
    assert_eq!(second.address.to_string(), "root@h2.example:22");
    assert_eq!(second.labels["role"], "worker");
}

#[test]
fn what_is_no_toml_is_shown_where_it_ends_to_be() {
    let text = refused("[[host]]\nname = \"h1\naddress = \"192.0.2.1\"\n");
    assert!(text.starts_with("line 2, column "), "{text}");
    assert!(refused("[[host]").starts_with("line 1, column "));
}

#[test]
fn a_part_that_is_not_what_it_should_be_is_pointed_at() {
    for (line, at, rule) in [
        ("macs = [\"52:54:00:00:00:01\", \"01:00:5e:00:00:fb\"]", "line 4, column 30", "multicast"),
        ("port = 0", "line 4, column 8", "0"),
        ("port = 70000", "line 4, column 8", "70000"),
        ("port = \"ssh\"", "line 4, column 8", "ssh"),
        ("user = \"-l\"", "line 4, column 8", "does not begin with a hyphen"),
        ("user = \"a:secret\"", "line 4, column 8", "give it as a secret"),
        ("labels = { rôle = \"kvm\" }", "line 4, column ", ""),
        ("labels = { \"a b\" = \"kvm\" }", "line 4, column 20", "letters, digits"),
        ("labels = { name = \"kvm\" }", "line 4, column 19", "call the label otherwise"),
        ("labels = { role = \"a,b\" }", "line 4, column 19", "has `,`"),
        ("labels = { role = 3 }", "line 4, column 19", "expected a string"),
        ("colour = \"red\"", "line 4, column 1", "unknown field `colour`"),
    ] {
        let text = refused(&host(line));
        assert!(text.starts_with(at) && text.contains(rule), "{line}\n{text}");
    }
    let text = refused("[[host]]\nname = \"h_1\"\naddress = \"192.0.2.1\"\n");
    assert!(text.starts_with("line 2, column 8: invalid host name `h_1`"), "{text}");
    let text = refused("[[host]]\nname = \"h1\"\naddress = \"192.0.2.300\"\n");
    assert!(text.starts_with("line 3, column 11") && text.contains("IP address"), "{text}");
    let text = refused("[[host]]\nname = \"h1\"\naddress = \"a@192.0.2.3\"\nuser = \"a\"\n");
    assert_eq!(text, "line 4, column 8: the address says the user already; say it in one place");
    let text = refused("[[host]]\nname = \"h1\"\naddress = \"h1:22\"\nport = 22\n");
    assert_eq!(text, "line 4, column 8: the address says the port already; say it in one place");
    let text = refused("[[host]]\nname = \"h1\"\n");
    assert!(text.starts_with("line 1, column 1: missing field `address`"), "{text}");
    let text = refused("[hosts]\n");
    assert!(text.starts_with("line 1, column 2: unknown field `hosts`"), "{text}");
    let text = refused("[defaults]\nuser = \"root\"\n");
    assert!(
        text.starts_with("line 1, column 1: defaults hold for the hosts of their own file"),
        "{text}"
    );
}

#[test]
fn columns_count_characters() {
    let text = refused(&host("labels = { a = \"ü\", b = \"x|y\" }"));
    assert!(text.starts_with("line 4, column 25: host `h1` cannot have label `b`"), "{text}");
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn said(folder: &Path) -> String {
    let text = Inventory::read(folder).unwrap_err().to_string();
    text.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn a_folder_is_one_inventory_in_the_order_of_its_files() {
    let files = [
        ("20-more.toml", "[[host]]\nname = \"h3\"\naddress = \"192.0.2.3\"\n"),
        ("10-first.toml", TWO),
        ("README.md", "not read"),
    ];
    let folder = folder(&files);
    let inventory = Inventory::read(folder.path()).unwrap();
    let names: Vec<_> = inventory.hosts().iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["h1", "h2", "h3"]);
    let third = &inventory.hosts()[2];
    assert_eq!(
        (third.address.user(), third.labels.len()),
        (None, 0),
        "defaults stay in their file"
    );
}

#[test]
fn what_two_files_give_twice_is_named_with_both_places() {
    let first = ("a.toml", TWO);
    let second = |host: &str| folder(&[first, ("b.toml", host)]);
    let name = second("[[host]]\nname = \"H1\"\naddress = \"192.0.2.9\"\n");
    assert_eq!(
        said(name.path()),
        "b.toml:2:8: two hosts are called `h1` (a.toml:8:8); rename one of them"
    );
    let address = second("[[host]]\nname = \"h9\"\nport = 2222\naddress = \"192.0.2.1\"\n");
    assert_eq!(
        said(address.path()),
        "b.toml:4:11: hosts `h9` and `h1` (a.toml:9:11) both have address 192.0.2.1; give one of them another"
    );
    let mac = "[[host]]\nname = \"h9\"\naddress = \"192.0.2.9\"\nmacs = [\"52-54-00-00-00-01\"]\n";
    assert_eq!(
        said(second(mac).path()),
        "b.toml:4:9: hosts `h9` and `h1` (a.toml:10:9) both have MAC address 52:54:00:00:00:01; a card is in one host, and is listed there once"
    );
}

#[test]
fn two_ports_of_one_address_are_two_hosts() {
    let at = |port| host(&format!("port = {port}")).replace("h1", &format!("h{port}"));
    let inventory = Inventory::from_toml(&format!("{}{}", at(2201), at(2202))).unwrap();
    assert_eq!(inventory.hosts().len(), 2);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let empty = folder(&[("notes.txt", "")]);
    assert!(
        said(empty.path())
            .ends_with("the folder has no *.toml file; write one with a [[host]] table")
    );
    let missing = empty.path().join("missing.toml");
    let error = Inventory::read(&missing).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: it cannot be read", missing.display()));
    assert!(std::error::Error::source(&error).is_some());
    let binary = folder(&[]);
    fs::write(binary.path().join("a.toml"), [0xff, 0xfe]).unwrap();
    assert_eq!(said(binary.path()), "a.toml: it cannot be read");
}

#[test]
fn hosts_given_in_rust_are_held_to_the_same_rules() {
    let host = |name: &str| Host::new(name.parse().unwrap(), "10.0.0.1".parse().unwrap());
    let error = Inventory::new([host("a"), host("b")]).unwrap_err();
    assert!(error.to_string().starts_with("hosts `b` and `a` both have address 10.0.0.1"));
    assert!(error.place().is_none());
    let labelled = host("a").label("address", "x");
    let error = Inventory::new([labelled]).unwrap_err();
    assert!(matches!(error.kind(), InventoryErrorKind::BadLabel { .. }), "{error}");
}
