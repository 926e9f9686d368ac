use std::{fmt, ops::Range};

use crate::ParseErrorKind;

/// An address that is none: which part of the text is wrong, and why.
///
/// A password is not kept: it is neither in the message nor in the pointed text.
///
/// # Examples
/// ```
/// use harmony_types::SshAddress;
///
/// let refusal = "root@h1.example:0".parse::<SshAddress>().unwrap_err();
/// assert_eq!(refusal.span(), 16..17);
/// assert_eq!(
///     refusal.pointed(),
///     "root@h1.example:0\n                ^ the port must lie between 1 and 65535"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError {
    span: Range<usize>,
    problem: AddressProblem,
    /// What may be shown of the text: before the bad part, the part, after it.
    shown: [String; 3],
}

/// What is wrong with the part of an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressProblem {
    /// An opening bracket without its closing one.
    #[error("the bracket is not closed")]
    BracketNotClosed,
    /// Something stands between the host and the port or the end.
    #[error("only `:` and a port may follow the bracket")]
    BesideBracket,
    /// It is neither a host name nor an IPv4 address.
    #[error("it is no host: {0}")]
    Host(ParseErrorKind),
    /// An IPv6 address whose end cannot be told from a port.
    #[error(
        "an IPv6 address stands in brackets, so that a port can be told from it: `[2001:db8::1]:22`"
    )]
    Ipv6WithoutBrackets,
    /// What stands in brackets is no IPv6 address.
    #[error("it is no IPv6 address")]
    NotIpv6,
    /// No address at all, or no host in it.
    #[error("the host is missing")]
    NoHost,
    /// A colon without a port.
    #[error("the port is missing after the colon")]
    NoPort,
    /// An at sign without a user.
    #[error("the user is missing before the at sign")]
    NoUser,
    /// A password.
    #[error(
        "a password does not belong in an address: everybody can read it there; give it as a secret"
    )]
    Password,
    /// A path after the host.
    #[error("a path does not belong in the address of a host")]
    Path,
    /// A port that is not a number.
    #[error("the port is not a number")]
    PortNotANumber,
    /// A port that no service can have.
    #[error("the port must lie between 1 and 65535")]
    PortOutOfRange,
    /// A scheme other than `ssh`.
    #[error("the scheme is not known: only `ssh://` is")]
    Scheme,
    /// A user name with characters that it cannot have.
    #[error("it is no user name: {0}")]
    User(ParseErrorKind),
    /// An address that is only good on one network card.
    #[error("an address with a zone means another host on every machine")]
    Zone,
}

impl AddressError {
    const MOST_SHOWN: usize = 64;

    pub(super) fn new(text: &str, span: Range<usize>, problem: AddressProblem) -> Self {
        let part = match problem {
            AddressProblem::Password => "…".to_owned(),
            _ => beginning(&text[span.clone()]),
        };
        let shown = [end(&text[..span.start]), part, beginning(&text[span.end..])];
        Self { span, problem, shown }
    }

    /// Returns the bytes of the bad part in the text that was read; empty where something is missing.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns what is wrong with that part.
    pub fn problem(&self) -> &AddressProblem {
        &self.problem
    }

    /// Returns two lines: the text, and below it carets under the bad part with what is wrong.
    ///
    /// A long text is shortened, and what would disturb a terminal is escaped.
    pub fn pointed(&self) -> String {
        format!("{} {}", self.underlined(), self.problem)
    }

    /// Returns two lines: the text, and below it carets under the bad part.
    pub fn underlined(&self) -> String {
        let [before, part, after] = &self.shown;
        let margin = " ".repeat(before.chars().count());
        let carets = "^".repeat(part.chars().count().max(1));
        format!("{before}{part}{after}\n{margin}{carets}")
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, part, after] = &self.shown;
        write!(f, "invalid address `{before}{part}{after}`")?;
        if !part.is_empty() {
            write!(f, ", at `{part}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for AddressError {}

/// The beginning of a text, escaped.
fn beginning(text: &str) -> String {
    let mut shown: String =
        text.chars().take(AddressError::MOST_SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(AddressError::MOST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// The end of a text, escaped.
fn end(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(AddressError::MOST_SHOWN);
    let kept = text.chars().skip(skipped).flat_map(char::escape_debug);
    if skipped == 0 { kept.collect() } else { std::iter::once('…').chain(kept).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_bad_part_of_escaped_and_shortened_text() {
        let text = format!("{}\t\u{1b}[2Jx", "a".repeat(200));
        let error = AddressError::new(&text, 201..202, AddressProblem::Path);
        let pointed = error.pointed();
        let (shown, carets) = pointed.split_once('\n').unwrap();
        assert!(!shown.contains('\u{1b}') && shown.chars().count() < 200, "{shown}");
        let column = carets.find('^').unwrap();
        let marked: String = shown.chars().skip(column).take(6).collect();
        assert_eq!(marked, "\\u{1b}");
        assert!(carets.contains("^^^^^^ a path"), "{carets}");
    }

    #[test]
    fn what_is_missing_has_a_caret_too() {
        let error = AddressError::new("root@", 5..5, AddressProblem::NoHost);
        assert_eq!(error.pointed(), "root@\n     ^ the host is missing");
        assert_eq!(error.to_string(), "invalid address `root@`: the host is missing");
    }
}
