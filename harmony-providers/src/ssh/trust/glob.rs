//! Patterns of host names, as OpenSSH reads them: `*` and `?`, and lists with negations.

/// Whether `name` is in `list`: some pattern matches it, and none that begins with `!` does.
pub(super) fn in_list(list: &[String], name: &str) -> bool {
    let mut found = false;
    for pattern in list {
        let pattern = pattern.to_ascii_lowercase();
        match pattern.strip_prefix('!') {
            Some(excluded) if matches(excluded, name) => return false,
            Some(_) => {}
            None => found |= matches(&pattern, name),
        }
    }
    found
}

/// Whether `name` matches `pattern`: `*` stands for any number of characters, `?` for one.
///
/// It goes back to the last `*` only, so that it takes at most the product of both lengths.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(b'?') => (p, n) = (p + 1, n + 1),
            Some(byte) if *byte == name[n] => (p, n) = (p + 1, n + 1),
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (p, n) = (at + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_star_takes_any_number_and_a_question_mark_one() {
        assert!(in_list(&list("*.example"), "a.b.example"));
        assert!(in_list(&list("h?.EXAMPLE"), "h1.example"));
        assert!(!in_list(&list("h?.example"), "h.example"));
        assert!(in_list(&list("*a*b*"), "xxaxxbxx"));
        assert!(!in_list(&list("*a*b"), "xxaxxbxx"));
    }

    #[test]
    fn a_negation_that_matches_decides_wherever_it_stands() {
        assert!(!in_list(&list("*.example,!h1.example"), "h1.example"));
        assert!(!in_list(&list("!h1.example,*.example"), "h1.example"));
        assert!(in_list(&list("*.example,!h1.example"), "h2.example"));
        assert!(!in_list(&list("!h1.example"), "h2.example"), "a negation alone names nobody");
    }
}
