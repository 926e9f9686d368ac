use std::fmt;

/// A text (or number) that is not what it should be: what was expected, what was given, which rule
/// it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what} `{given}`: {kind}")]
pub struct ParseError {
    what: &'static str,
    given: Excerpt,
    kind: ParseErrorKind,
}

impl ParseError {
    /// Says that `given` is not a valid `what`, because of `kind`.
    pub fn new(what: &'static str, given: &str, kind: ParseErrorKind) -> Self {
        Self { what, given: Excerpt::of(given), kind }
    }

    /// Returns what was expected, in words: "host name".
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// Returns the rule that was broken.
    pub fn kind(&self) -> &ParseErrorKind {
        &self.kind
    }
}

/// The rule that a text breaks; positions count characters and begin at 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// A character that may stand elsewhere, but not here.
    #[error("{found:?} at position {at} is not allowed there: {rule}")]
    BadPlace {
        /// The character.
        found: char,
        /// Its position.
        at: usize,
        /// The rule, in words.
        rule: &'static str,
    },
    /// Nothing was given.
    #[error("it must not be empty")]
    Empty,
    /// A character that may stand nowhere in such a text.
    #[error("{found:?} at position {at} is not one of: {allowed}")]
    ForbiddenCharacter {
        /// The character.
        found: char,
        /// Its position.
        at: usize,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// Its form is another one.
    #[error("expected {expected}")]
    Malformed {
        /// The form that was expected, in words.
        expected: &'static str,
    },
    /// A number outside its bounds.
    #[error("it must lie between {least} and {most}")]
    OutOfRange {
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// Well formed, and yet not usable for this.
    #[error("{0}")]
    Rule(&'static str),
    /// More characters or bytes than there is room for.
    #[error("it is {found} {unit} long, at most {most} fit")]
    TooLong {
        /// How long it is.
        found: usize,
        /// How long it may be.
        most: usize,
        /// What is counted: "characters", "bytes".
        unit: &'static str,
    },
}

/// The beginning of a text that may be long and may hold control characters.
#[derive(Clone, PartialEq, Eq)]
struct Excerpt(String);

impl Excerpt {
    const MOST: usize = 48;

    fn of(text: &str) -> Self {
        let mut shown: String =
            text.chars().take(Self::MOST).flat_map(char::escape_debug).collect();
        if text.chars().nth(Self::MOST).is_some() {
            shown.push('…');
        }
        Self(shown)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_unprintable_input_is_shown_shortened_and_escaped() {
        let error =
            ParseError::new("name", &format!("\0{}", "x".repeat(300)), ParseErrorKind::Empty);
        assert!(error.to_string().starts_with("invalid name `\\0xxx"), "{error}");
        assert!(error.to_string().contains("…`: it must not be empty"), "{error}");
        assert!(error.to_string().len() < 120);
    }
}
