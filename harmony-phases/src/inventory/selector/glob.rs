//! Patterns with `*` and `?`.

/// Says whether `text` is of the form of `pattern`, where `*` stands for any characters and `?` for
/// one.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
    // Where to go on when a `*` has to take one character more.
    let mut retry: Option<(usize, usize)> = None;
    let (mut p, mut t) = (0, 0);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match retry {
                Some((after_star, taken)) => {
                    retry = Some((after_star, taken + 1));
                    (p, t) = (after_star, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_take_any_number_and_question_marks_one() {
        for (pattern, text) in [
            ("*", ""),
            ("kvm-*", "kvm-12"),
            ("*-1", "a-1-1"),
            ("a*b*c", "abbbc"),
            ("h?", "h1"),
            ("h1", "h1"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("kvm-*", "kvm"),
            ("h?", "h"),
            ("h?", "h12"),
            ("*a", "ab"),
            ("a*b*c", "acb"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        assert!(!fits(&"*a".repeat(40), &"a".repeat(39)));
        assert!(!fits(&format!("{}b", "a*".repeat(40)), &"a".repeat(4000)));
    }
}
