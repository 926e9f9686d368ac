//! Why a command did not begin, from what was said instead.

use harmony_capabilities::host::{ExitStatus, RunAs};

use super::line::Root;
use crate::ssh::{SshError, SshErrorKind as Kind, escape};

/// The error for a command in whose place something else ended.
pub(in crate::ssh) fn not_begun(
    what: String,
    user: &str,
    run_as: RunAs,
    root: &Root,
    said: &[u8],
    status: Option<&ExitStatus>,
) -> SshError {
    let cause = match escape::excerpt(said) {
        said if said.is_empty() => {
            let status = status.map_or_else(|| "no status".to_owned(), ToString::to_string);
            format!("the login shell ended with {status} and ran nothing")
        }
        said => format!("the host said: {said}"),
    };
    if run_as == RunAs::Root && matches!(root, Root::Sudo(_)) {
        let advice = advice(&String::from_utf8_lossy(said), user);
        return SshError::new(Kind::Denied, what).remedy(advice).caused_by(cause);
    }
    SshError::new(Kind::Failed, what)
        .remedy(format!("the login shell of {user} has to run the commands that it is given"))
        .caused_by(cause)
}

/// What to do about sudo, whose messages are in English because it was asked for that.
fn advice(said: &str, user: &str) -> String {
    let has = |part: &str| said.contains(part);
    if has("not in the sudoers") || has("not allowed to") || has("may not run sudo") {
        format!(
            "allow it there with `echo '{user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/{user}`, \
             or log in as root"
        )
    } else if has("incorrect password") || has("Sorry, try again") {
        format!("sudo does not accept the password of {user}: check the secret it comes from")
    } else if has("must have a tty") {
        "sudo there wants a terminal: remove `Defaults requiretty` from /etc/sudoers, or log in as \
         root"
            .to_owned()
    } else if has("password is required") || has("terminal is required") || has("askpass") {
        format!(
            "sudo asks {user} for a password: give one with Escalation::SudoWithPassword, or allow \
             `{user} ALL=(ALL) NOPASSWD: ALL`"
        )
    } else if has("sudo") && (has("No such file") || has("not found")) {
        "sudo is not installed there: install it, or log in as root".to_owned()
    } else {
        format!("check that `sudo true` works there for {user}, or log in as root")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(said: &str) -> String {
        let root = Root::Sudo(None);
        let status = Some(&ExitStatus::Code(1));
        not_begun("run x".into(), "ann", RunAs::Root, &root, said.as_bytes(), status).to_string()
    }

    #[test]
    fn each_way_to_be_refused_has_its_advice() {
        let said = |message: &str| denied(&format!("Welcome!\nsudo: {message}\n"));
        assert!(said("a password is required").contains("SudoWithPassword"));
        assert!(said("a terminal is required to read the password").contains("SudoWithPassword"));
        assert!(denied("ann is not in the sudoers file.").contains("/etc/sudoers.d/ann"));
        assert!(said("sorry, you must have a tty to run sudo").contains("requiretty"));
        assert!(said("1 incorrect password attempt").contains("check the secret"));
        assert!(denied("env: 'sudo': No such file or directory").contains("not installed"));
        assert!(said("unheard of").contains("`sudo true`"));
    }

    #[test]
    fn a_login_without_a_shell_is_not_taken_for_sudos_fault() {
        let said = b"This account is currently not available.\n";
        let status = Some(&ExitStatus::Code(1));
        let error = not_begun("run x".into(), "ann", RunAs::Login, &Root::Already, said, status);
        assert_eq!(error.kind(), Kind::Failed);
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("currently not available"), "{cause}");
    }
}
