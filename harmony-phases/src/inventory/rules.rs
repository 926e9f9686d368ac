//! What labels may look like.

/// What selectors pick hosts by without a label.
pub(super) const RESERVED: [&str; 2] = ["name", "address"];

/// Says whether `c` may stand in a label's key.
pub(super) const fn in_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')
}

/// The rule that a label's key breaks.
pub(super) fn broken_by_key(key: &str) -> Option<&'static str> {
    if RESERVED.contains(&key) {
        return Some("every host has a name and an address already; call the label otherwise");
    }
    if key.is_empty() || !key.chars().all(in_key) {
        return Some("a label's key is made of letters, digits, `-`, `_`, `.` and `/`");
    }
    None
}

/// The rule that a label's value breaks.
pub(super) fn broken_by_value(value: &str) -> Option<&'static str> {
    let clear = !value.chars().any(|c| c.is_control() || matches!(c, ',' | '|'));
    let trimmed = value.trim() == value && !value.is_empty();
    (!clear || !trimmed).then_some(
        "its value is empty, begins or ends with a space, or has `,`, `|` or a control character in it",
    )
}
