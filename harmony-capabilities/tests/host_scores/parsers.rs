//! The parsers of a host's names: what they accept is safe, and goes there and back.

use std::{fmt::Display, str::FromStr};

use harmony_capabilities::host::{
    AuthorizedKey, ModuleName, Ownership, PackageName, Permissions, SysctlKey, UnitName, UserName,
};
use harmony_types::ParseError;
use proptest::prelude::*;

/// Texts that are nearly right, and texts that are not.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9+._:@*\\-]{0,40}",
        "[a-z]{1,8}[ \\-./:=;$`'\"\\\\\n]{1,3}[a-z]{0,8}",
        "ssh-[a-z0-9]{2,8} [A-Za-z0-9+/=]{0,40}( [^\n]{0,10})?",
        "[0-9]{0,5}",
        any::<String>(),
    ]
}

fn stable<T: FromStr<Err = ParseError> + Display + PartialEq + std::fmt::Debug>(
    text: &str,
) -> Option<T> {
    let parsed: T = match text.parse() {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(!error.to_string().chars().any(char::is_control), "{error:?}");
            return None;
        }
    };
    assert_eq!(parsed.to_string().parse::<T>().unwrap(), parsed);
    Some(parsed)
}

/// Whether a text is one word to every shell, to apt, systemctl and modprobe, and no option.
fn is_plain_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._:@*\\".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
}

proptest! {
    #[test]
    fn names_are_plain_words(text in texts()) {
        for name in [
            stable::<PackageName>(&text).map(|name| name.to_string()),
            stable::<UnitName>(&text).map(|name| name.to_string()),
            stable::<UserName>(&text).map(|name| name.to_string()),
            stable::<ModuleName>(&text).map(|name| name.to_string()),
            stable::<SysctlKey>(&text).map(|name| name.to_string()),
        ].into_iter().flatten() {
            prop_assert!(is_plain_word(&name), "{name:?}");
            prop_assert!(!name.contains("..") || !name.contains('/'));
        }
    }

    #[test]
    fn the_others_go_there_and_back(text in texts()) {
        stable::<Permissions>(&text);
        stable::<Ownership>(&text);
        if let Some(key) = stable::<AuthorizedKey>(&text) {
            prop_assert!(!key.to_string().chars().any(char::is_control));
            let again: AuthorizedKey = key.to_string().parse().unwrap();
            prop_assert_eq!(again.comment(), key.comment());
        }
    }

    #[test]
    fn all_permissions_are_written_in_octal(bits in 0..=0o7777_u16) {
        let permissions = Permissions::from_bits(bits);
        prop_assert_eq!(permissions.to_string().parse::<Permissions>().unwrap(), permissions);
    }
}

#[test]
fn each_refusal_names_its_rule() {
    fn refusal<T: FromStr<Err = ParseError> + std::fmt::Debug>(text: &str) -> String {
        text.parse::<T>().unwrap_err().to_string()
    }
    assert!(refusal::<PackageName>("").contains("empty"));
    assert!(refusal::<PackageName>("-y").contains("begin with a letter or a digit"));
    assert!(refusal::<PackageName>("a b").contains("' ' at position 2"));
    assert!(refusal::<UnitName>("a/b").contains("'/' at position 2"));
    assert!(refusal::<UnitName>(".hidden").contains("begin with"));
    assert!(refusal::<UnitName>(&"x".repeat(250)).contains("258 characters long"));
    assert!(refusal::<UserName>("Root").contains("lower-case"));
    assert!(refusal::<UserName>(&"x".repeat(33)).contains("33 characters"));
    assert!(refusal::<ModuleName>("../kvm").contains("begin with"));
    assert!(refusal::<SysctlKey>("net").contains("dots between"));
    assert!(refusal::<SysctlKey>("net..x").contains("dots between"));
    assert!(refusal::<Permissions>("rwx").contains("octal"));
    assert!(refusal::<Permissions>("77777").contains("octal"));
    assert!(refusal::<Ownership>("root").contains("colon"));
    assert!(refusal::<AuthorizedKey>("ssh-ed25519").contains("one line"));
    assert!(
        refusal::<AuthorizedKey>("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\nssh-rsa AAAA")
            .contains("one line")
    );
}

#[test]
fn a_key_is_its_kind_and_its_body() {
    let with = |comment: &str| {
        format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFWl{comment}")
            .parse::<AuthorizedKey>()
            .unwrap()
    };
    assert_eq!(with(" alice@desk"), with(""));
    assert_ne!(with("x"), with("y"));
    assert_eq!(with("  two  blanks ").comment(), "two  blanks");
}
