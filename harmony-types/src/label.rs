//! One label of a name, by RFC 1123: what stands between two dots.
use crate::ParseErrorKind;

/// The longest label, in characters.
pub(crate) const LONGEST: usize = 63;

/// Checks one label that begins at character `offset` (from 0) of the whole text.
pub(crate) fn check(
    label: &str,
    offset: usize,
    allowed: &'static str,
) -> Result<(), ParseErrorKind> {
    if label.is_empty() {
        return Err(ParseErrorKind::Rule("there must be a label before and after every dot"));
    }
    if let Some((found, at)) =
        crate::text::first_forbidden(label, |c| c.is_ascii_alphanumeric() || c == '-')
    {
        return Err(ParseErrorKind::ForbiddenCharacter { found, at: offset + at, allowed });
    }
    if label.len() > LONGEST {
        return Err(ParseErrorKind::Rule(
            "a label (the part between two dots) has at most 63 characters",
        ));
    }
    let rule = "a label neither begins nor ends with a hyphen";
    let hyphen = |at| ParseErrorKind::BadPlace { found: '-', at: offset + at, rule };
    if label.starts_with('-') {
        return Err(hyphen(1));
    }
    if label.ends_with('-') {
        return Err(hyphen(label.len()));
    }
    Ok(())
}
