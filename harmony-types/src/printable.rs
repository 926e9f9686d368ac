//! Text that came from elsewhere.

use std::fmt::{self, Write as _};

/// Text of a stranger, such as what a host complained, fit for a terminal, a log and an error.
///
/// What a terminal would obey is escaped: control characters, escape sequences, line ends, marks that
/// hide or turn the direction of writing. What people read stays as it is, quotes too; a tab is a space.
///
/// # Examples
/// ```
/// use harmony_types::Printable;
///
/// let said = "E: You don't have\tenough \u{1b}[31mspace\n";
/// assert_eq!(Printable::of(said).to_string(), "E: You don't have enough \\u{1b}[31mspace\\n");
/// assert_eq!(Printable::of(said).at_most(5).to_string(), "E: Yo…");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Printable<'a> {
    text: &'a str,
    most: usize,
}

impl<'a> Printable<'a> {
    /// All of a text.
    pub const fn of(text: &'a str) -> Self {
        Self { text, most: usize::MAX }
    }

    /// Its first characters only, with a sign that there were more.
    pub const fn at_most(self, characters: usize) -> Self {
        Self { most: characters, ..self }
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.text.chars();
        for c in characters.by_ref().take(self.most) {
            match c {
                '\t' => f.write_char(' ')?,
                '"' | '\'' | '\\' => f.write_char(c)?,
                c => write!(f, "{}", c.escape_debug())?,
            }
        }
        if characters.next().is_some() { f.write_char('…') } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let nasty = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}txt.exe\r\u{8}\0\u{200b} it's \"ok\" \\o/";
        let shown = Printable::of(nasty).to_string();
        let obeyed = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{200b}');
        assert!(!shown.chars().any(obeyed), "{shown:?}");
        assert!(shown.ends_with("it's \"ok\" \\o/"), "{shown}");
        assert!(shown.starts_with("\\u{1b}]0;owned"), "{shown}");
    }

    #[test]
    fn a_long_text_is_shortened_where_a_character_ends() {
        assert_eq!(Printable::of("grüße").at_most(3).to_string(), "grü…");
        assert_eq!(Printable::of("grüße").at_most(5).to_string(), "grüße");
        assert_eq!(Printable::of("").at_most(0).to_string(), "");
    }
}
