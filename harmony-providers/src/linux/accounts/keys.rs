//! The file of a user's authorized keys: sshd(8), "AUTHORIZED_KEYS FILE FORMAT".

use harmony_capabilities::host::AuthorizedKey;

/// The key of a line, whatever options stand before it; none for empty lines, comments, and what sshd would skip too.
pub(super) fn key(line: &str) -> Option<AuthorizedKey> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    line.parse().ok().or_else(|| without_options(line)?.parse().ok())
}

/// What comes behind the options, which have no spaces but between quotes.
fn without_options(line: &str) -> Option<&str> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in line.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' if !quoted => return Some(line[at..].trim_start()),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// All keys of a file.
pub(super) fn keys(content: &[u8]) -> Vec<AuthorizedKey> {
    String::from_utf8_lossy(content).lines().filter_map(key).collect()
}

/// The content with a key more; everything else byte for byte. None where it is there already.
pub(super) fn with(content: &[u8], wanted: &AuthorizedKey) -> Option<Vec<u8>> {
    if keys(content).contains(wanted) {
        return None;
    }
    let mut with = content.to_vec();
    if with.last().is_some_and(|byte| *byte != b'\n') {
        with.push(b'\n');
    }
    with.extend_from_slice(wanted.to_string().as_bytes());
    with.push(b'\n');
    Some(with)
}

/// The content without the lines of a key; everything else byte for byte. None where it is not there.
pub(super) fn without(content: &[u8], unwanted: &AuthorizedKey) -> Option<Vec<u8>> {
    let of_key = |line: &&[u8]| key(&String::from_utf8_lossy(line)).as_ref() == Some(unwanted);
    let lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    if !lines.iter().any(&of_key) {
        return None;
    }
    Some(lines.into_iter().filter(|line| !of_key(line)).collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIJk";

    fn ed25519(comment: &str) -> AuthorizedKey {
        format!("ssh-ed25519 {BODY} {comment}").parse().unwrap()
    }

    #[test]
    fn options_do_not_hide_a_key() {
        let line =
            format!(r#"from="10.0.0.0/8",command="echo \"a b\" # ",no-pty ssh-ed25519 {BODY} me"#);
        assert_eq!(key(&line), Some(ed25519("me")));
        assert_eq!(key(&line).unwrap().comment(), "me");
        assert_eq!(key("# ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk"), None);
        assert_eq!(key(r#"command="open ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"#), None);
    }

    #[test]
    fn a_key_is_added_once_and_nothing_else_changes() {
        let content = b"# mine\n\xff broken\nrestrict ssh-rsa AAAAB3NzaC1yc2EAAAADAQ x";
        let with_it = with(content, &ed25519("a")).unwrap();
        assert_eq!(
            with_it,
            [content.as_slice(), b"\n", ed25519("a").to_string().as_bytes(), b"\n"].concat()
        );
        assert_eq!(with(&with_it, &ed25519("another comment")), None);
        let back = without(&with_it, &ed25519("")).unwrap();
        assert_eq!(back, [content.as_slice(), b"\n"].concat());
        assert_eq!(without(&back, &ed25519("")), None);
    }

    proptest! {
        #[test]
        fn what_others_wrote_stays(content: Vec<u8>) {
            let key = ed25519("");
            let Some(with_it) = with(&content, &key) else { return Ok(()) };
            prop_assert!(with_it.starts_with(&content));
            prop_assert!(keys(&with_it).contains(&key));
            let back = without(&with_it, &key).unwrap();
            prop_assert!(back == content || back == [content.as_slice(), b"\n"].concat());
        }
    }
}
