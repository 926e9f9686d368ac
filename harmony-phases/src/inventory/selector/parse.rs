//! Reading a selector, and pointing at what is wrong in it.

use super::{
    Selector, SelectorError,
    term::{Operator, Term},
};
use crate::inventory::rules::in_key;

pub(super) fn parse(text: &str) -> Result<Selector, SelectorError> {
    if text.trim() == "all" {
        return Ok(Selector::all());
    }
    let mut terms = Vec::new();
    for part in (Part { text, at: 0 }).split(',') {
        terms.push(term(text, part)?);
    }
    Ok(Selector { terms })
}

/// A part of the selector, and at which byte it begins.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    at: usize,
}

impl Part<'_> {
    fn trimmed(self) -> Self {
        let start = self.text.trim_start();
        Self { text: start.trim_end(), at: self.at + self.text.len() - start.len() }
    }

    fn from(self, byte: usize) -> Self {
        Self { text: &self.text[byte..], at: self.at + byte }
    }

    fn until(self, byte: usize) -> Self {
        Self { text: &self.text[..byte], at: self.at }
    }

    fn split(self, separator: char) -> impl Iterator<Item = Self> {
        self.text.split(separator).scan(self.at, move |next, text| {
            let at = *next;
            *next += text.len() + separator.len_utf8();
            Some(Self { text, at })
        })
    }
}

fn term(whole: &str, part: Part<'_>) -> Result<Term, SelectorError> {
    let part = part.trimmed();
    if part.text.is_empty() {
        return Err(refuse(whole, part, "expected a term such as `role=worker`, or `all`"));
    }
    let Some(end) = part.text.find(['=', '!', '~']) else {
        let rule = format!(
            "expected `=`, `!=`, `~` or `!~`; to pick hosts by name write `name={}`",
            part.text.escape_debug()
        );
        return Err(refuse(whole, part, rule));
    };
    let key = part.until(end).trimmed();
    if key.text.is_empty() || !key.text.chars().all(in_key) {
        let rule = "expected `name`, `address` or a label's key, which is made of letters, digits, `-`, `_`, `.` and `/`";
        return Err(refuse(whole, key, rule));
    }
    let rest = part.from(end);
    let Some((sign, operator)) = Operator::ALL.iter().find(|(s, _)| rest.text.starts_with(s))
    else {
        return Err(refuse(whole, rest.until(1), "expected `!=` or `!~`"));
    };
    let values = rest
        .from(sign.len())
        .split('|')
        .map(|part| value(whole, part.trimmed()))
        .collect::<Result<_, _>>()?;
    Ok(Term { key: key.text.to_owned(), operator: *operator, values })
}

fn value(whole: &str, part: Part<'_>) -> Result<String, SelectorError> {
    if part.text.is_empty() {
        return Err(refuse(whole, part, "expected a value"));
    }
    if part.text.starts_with(['=', '~', '!']) {
        return Err(refuse(whole, part, "expected a value, not a second operator"));
    }
    Ok(part.text.to_owned())
}

fn refuse(whole: &str, part: Part<'_>, rule: impl Into<String>) -> SelectorError {
    // Control characters would move the underline, and the terminal's cursor.
    let shown =
        |text: &str| text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    SelectorError {
        text: shown(whole),
        rule: rule.into(),
        at: whole.get(..part.at).unwrap_or(whole).chars().count(),
        length: part.text.chars().count(),
    }
}
