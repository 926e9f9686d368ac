//! How a plan shows that the content of a file is not as wanted.

use harmony_phases::score::Detail;
use harmony_types::{ByteSize, Sha256Digest};
use similar::{ChangeTag, TextDiff};

use crate::host::upkeep::change;

/// The most lines of a difference that a plan shows.
const MOST_LINES: usize = 40;
/// The most characters of a line that a plan shows.
const MOST_CHARACTERS: usize = 160;
/// How many lines that are the same are shown around those that are not.
const AROUND: usize = 2;

/// One side of a difference.
pub(super) struct Side<'a> {
    pub(super) size: ByteSize,
    pub(super) digest: Sha256Digest,
    /// Its bytes, where they may be shown.
    pub(super) shown: Option<&'a [u8]>,
}

/// The difference line by line where both sides are texts that may be shown, or else by size and digest.
pub(super) fn details(found: &Side<'_>, wanted: &Side<'_>) -> Vec<Detail> {
    match (found.shown.and_then(text), wanted.shown.and_then(text)) {
        (Some(old), Some(new)) => lines(old, new).into_iter().map(Detail::Note).collect(),
        _ => vec![change("content", spell(found), spell(wanted))],
    }
}

/// Bytes that read as text on a terminal.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn spell(side: &Side<'_>) -> String {
    let digest = side.digest.to_string();
    format!("{} (sha256 {}…)", side.size, &digest[..12])
}

fn lines(old: &str, new: &str) -> Vec<String> {
    // Not `from_lines`, to which a carriage return alone ends a line.
    let split = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let (old, new) = (split(old), split(new));
    let diff = TextDiff::from_slices(&old, &new);
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        lines.push(hunk.header().to_string());
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Equal => ' ',
                ChangeTag::Insert => '+',
            };
            lines.push(shown(sign, change.value()));
        }
    }
    let more = lines.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.truncate(MOST_LINES);
        lines.push(format!("… and {more} more lines"));
    }
    lines
}

/// A line without what would disturb a terminal, and not too long; one that ends without a newline says so.
fn shown(sign: char, line: &str) -> String {
    let (line, end) = match line.strip_suffix('\n') {
        Some(line) => (line, ""),
        None => (line, " (no newline)"),
    };
    let mut shown = String::from(sign);
    for c in line.chars().take(MOST_CHARACTERS) {
        match c {
            '\t' => shown.push(c),
            // Also what turns the direction of writing, or hides between letters.
            c if c.is_control() || is_invisible(c) => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    if line.chars().nth(MOST_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown + end
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_shown_with_what_surrounds_them() {
        let old = "a\nb\nc\nd\ne\n";
        assert_eq!(
            lines(old, "a\nb\nc\nD\ne"),
            ["@@ -2,4 +2,4 @@", " b", " c", "-d", "-e", "+D", "+e (no newline)"]
        );
    }

    #[test]
    fn a_terminal_is_not_disturbed() {
        let told = lines("", "\u{1b}[2J\ttab\r\u{202e}drawrof\n");
        assert_eq!(told[1], "+\\u{1b}[2J\ttab\\r\\u{202e}drawrof");
    }

    #[test]
    fn a_long_difference_is_cut() {
        let long = "x".repeat(1000);
        let told = lines("", &format!("{long}\n").repeat(100));
        assert_eq!(told.len(), MOST_LINES + 1);
        assert_eq!(told[1].chars().count(), 1 + MOST_CHARACTERS + 1);
        assert_eq!(told.last().unwrap(), "… and 61 more lines");
    }

    #[test]
    fn what_is_no_text_is_told_by_size_and_digest() {
        let side = |bytes: &'static [u8], n| Side {
            size: ByteSize::bytes(bytes.len() as u64),
            digest: Sha256Digest::new([n; 32]),
            shown: Some(bytes),
        };
        let told = details(&side(b"\0\x01", 0xab), &side(b"text", 0xcd));
        assert_eq!(
            told[0].to_string(),
            "content: 2 B (sha256 abababababab…) -> 4 B (sha256 cdcdcdcdcdcd…)"
        );
    }
}
