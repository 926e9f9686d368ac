//! The os-release file: os-release(5).

use harmony_capabilities::host::Distribution;

/// Reads an os-release file; what it does not say stays unsaid.
pub(super) fn distribution(text: &str) -> Distribution {
    let value = |wanted: &str| {
        let mut found = text.lines().filter_map(assignment).filter(|(name, _)| *name == wanted);
        // As in a shell, the last one counts.
        found.next_back().map(|(_, value)| value).filter(|value| !value.is_empty())
    };
    let id = value("ID").unwrap_or_else(|| "linux".to_owned());
    let like = value("ID_LIKE").unwrap_or_default();
    Distribution {
        like: like.split_whitespace().map(str::to_owned).collect(),
        version: value("VERSION_ID"),
        codename: value("VERSION_CODENAME"),
        pretty_name: value("PRETTY_NAME").or_else(|| value("NAME")).unwrap_or_else(|| id.clone()),
        id,
    }
}

/// Reads `NAME=value`, where the value is quoted as for a shell, but nothing in it is expanded.
fn assignment(line: &str) -> Option<(&str, String)> {
    let line = line.trim();
    let (name, value) = line.split_once('=')?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(of_name) {
        return None;
    }
    Some((name, unquoted(value)?))
}

/// Takes the quotes and backslashes away; none where a quote is not closed.
fn unquoted(value: &str) -> Option<String> {
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('\\', None) => plain.push(chars.next()?),
            // Between double quotes a backslash only stands before what would mean something there.
            ('\\', Some('"')) => match chars.next()? {
                c @ ('"' | '$' | '\\' | '`') => plain.push(c),
                c => plain.extend(['\\', c]),
            },
            (c, None) if c.is_whitespace() => break,
            (c, _) => plain.push(c),
        }
    }
    plain.retain(|c| !c.is_control());
    quote.is_none().then_some(plain)
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::host::Family;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn debian_says_what_it_is() {
        let text = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n\
                    VERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        let debian = distribution(text);
        assert_eq!(debian.id, "debian");
        assert_eq!(debian.version.as_deref(), Some("12"));
        assert_eq!(debian.codename.as_deref(), Some("bookworm"));
        assert_eq!(debian.pretty_name, "Debian GNU/Linux 12 (bookworm)");
        assert_eq!(debian.family(), Some(Family::Debian));
    }

    #[test]
    fn kin_tell_the_family() {
        let rocky = distribution("ID='rocky'\nID_LIKE=\"rhel centos fedora\"\n");
        assert_eq!(rocky.like, ["rhel", "centos", "fedora"]);
        assert_eq!(rocky.family(), Some(Family::Fedora));
    }

    #[test]
    fn nothing_said_is_linux() {
        for text in ["", "\n\n", "# ID=x\n", "ID=\n", "ID=\"open\nVERSION_ID", "export ID=x"] {
            let unknown = distribution(text);
            assert_eq!(
                (unknown.id.as_str(), unknown.pretty_name.as_str()),
                ("linux", "linux"),
                "{text}"
            );
            assert_eq!((&unknown.version, unknown.family()), (&None, None), "{text}");
        }
    }

    #[test]
    fn quotes_are_those_of_a_shell_and_nothing_is_expanded() {
        let value = |text: &str| unquoted(text).unwrap();
        assert_eq!(value(r#""a \"b\" \$c \\ \d""#), r#"a "b" $c \ \d"#);
        assert_eq!(value(r"'a \ $(reboot)'"), r"a \ $(reboot)");
        assert_eq!(value(r"a\ b c"), "a b");
        assert_eq!(value("'a'\"b\"c"), "abc");
        assert_eq!(value("\"\u{1b}[2Jred\""), "[2Jred", "nothing that disturbs a terminal");
        assert_eq!(unquoted("'open"), None);
    }

    #[test]
    fn the_last_word_counts() {
        assert_eq!(distribution("ID=a\nID=b\n").id, "b");
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_no_panic(text in "(\\PC|[\n\"'\\\\=$`])*") {
            drop(distribution(&text));
        }

        #[test]
        fn what_is_quoted_comes_back(value in "[^\\p{Cc}]*") {
            let quoted: String = value.chars().flat_map(|c| match c {
                '"' | '$' | '\\' | '`' => vec!['\\', c],
                c => vec![c],
            }).collect();
            prop_assert_eq!(unquoted(&format!("\"{quoted}\"")), Some(value));
        }
    }
}
