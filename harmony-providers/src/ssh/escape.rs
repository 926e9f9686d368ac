//! What a host says, made fit for a terminal.

use harmony_types::Printable;

/// The most characters of one line that are shown.
const LONGEST: usize = 400;

/// One line that came from a host, with everything escaped that a terminal would obey: control
/// characters, escape sequences, marks that turn the direction of writing.
pub(in crate::ssh) fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    Printable::of(text.trim_end_matches(['\r', '\n'])).at_most(LONGEST).to_string()
}

/// The last lines of a text from a host, on one line.
pub(in crate::ssh) fn excerpt(bytes: &[u8]) -> String {
    const LINES: usize = 5;
    let lines: Vec<String> = bytes
        .split(|&byte| byte == b'\n')
        .map(line)
        .filter(|shown| !shown.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(LINES)..].join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys_gets_through() {
        let nasty =
            "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}txt.exe\r\u{8}\0 it's \"ok\" \\o/";
        let shown = line(nasty.as_bytes());
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        assert!(shown.ends_with("it's \"ok\" \\o/"), "{shown}");
        assert!(shown.starts_with("\\u{1b}]0;owned"), "{shown}");
    }

    #[test]
    fn long_lines_are_shortened_and_bytes_that_are_no_text_do_not_hurt() {
        assert_eq!(line(&vec![b'x'; 10_000]).chars().count(), LONGEST + 1);
        assert_eq!(line(b"a\xffb\r\n"), "a\u{fffd}b");
    }

    #[test]
    fn an_excerpt_is_the_last_lines() {
        assert_eq!(excerpt(b"1\n2\n\n3\n4\n5\n6\n"), "2; 3; 4; 5; 6");
    }
}
