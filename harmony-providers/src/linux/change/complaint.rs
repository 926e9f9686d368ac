use harmony_capabilities::host::{ExitStatus, HostError, HostErrorKind, Output};

use crate::shortage;

/// What a script complained about before it ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub(in crate::linux) struct Complaint {
    text: String,
    kind: HostErrorKind,
    remedy: Option<&'static str>,
}

/// How a script ends when the check of a new content did not succeed; what it says are the check's words.
const CHECK_FAILED: ExitStatus = ExitStatus::Code(68);

/// What the C library, and the tools for users, say of the failures that an operator can do something about.
const KNOWN: [(&str, HostErrorKind, &str); 6] = [
    (
        "Device or resource busy",
        HostErrorKind::Busy,
        "something is mounted there: unmount it, or change it where it comes from",
    ),
    (
        "Directory not empty",
        HostErrorKind::Blocked,
        "somebody keeps something in it: remove that first",
    ),
    (
        "is currently used by process",
        HostErrorKind::Busy,
        "end its processes there, or wait until they have ended",
    ),
    (
        "try again later",
        HostErrorKind::Busy,
        "something else changes the users of the host: run again",
    ),
    (
        "Operation not permitted",
        HostErrorKind::Denied,
        "log in as root or allow sudo; if that is so, see `lsattr` for an immutable file",
    ),
    ("Permission denied", HostErrorKind::Denied, "log in as root, or allow sudo"),
];

impl Complaint {
    /// What the end of a script means that did not succeed.
    pub(in crate::linux) fn of(output: &Output) -> Self {
        let text = match output.complaint() {
            text if text.is_empty() => format!("it ended with {}", output.status),
            text => text,
        };
        if output.status == CHECK_FAILED {
            let remedy =
                "the check did not accept the new content, and what was there is untouched";
            return Self { text, kind: HostErrorKind::Failed, remedy: Some(remedy) };
        }
        let refusal = match output.status {
            ExitStatus::Code(64) => Some(HostErrorKind::Invalid),
            ExitStatus::Code(65) => Some(HostErrorKind::Blocked),
            ExitStatus::Code(66) => Some(HostErrorKind::NotFound),
            ExitStatus::Code(67) => Some(HostErrorKind::Unsupported),
            _ => None,
        };
        if let Some(kind) = refusal {
            return Self { text, kind, remedy: None };
        }
        if let Some(remedy) = shortage::remedy(&text) {
            return Self { text, kind: HostErrorKind::Failed, remedy: Some(remedy) };
        }
        let known = KNOWN.into_iter().find(|(said, _, _)| text.contains(said));
        let (kind, remedy) =
            known.map_or((HostErrorKind::Failed, None), |(_, kind, remedy)| (kind, Some(remedy)));
        Self { text, kind, remedy }
    }

    /// The same of a script that was fed a secret, which a check of the content may have repeated.
    pub(in crate::linux) fn of_secret(output: &Output) -> Self {
        let complaint = Self::of(output);
        if output.status != CHECK_FAILED {
            return complaint;
        }
        let text = "what it said is not shown, because the content is a secret".to_owned();
        Self { text, ..complaint }
    }

    /// The failure to do `what` at `place`.
    pub(in crate::linux) fn into_error(self, what: String, place: &str) -> HostError {
        let error = HostError::new(self.kind, what).at(place);
        let error = match self.remedy {
            Some(remedy) => error.remedy(remedy),
            None => error,
        };
        error.caused_by(self)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use harmony_capabilities::host::Captured;

    use super::*;

    fn said(code: u32, text: &str) -> Complaint {
        let stderr = Captured::whole(text.as_bytes());
        Complaint::of(&Output {
            status: ExitStatus::Code(code),
            stdout: Captured::default(),
            stderr,
        })
    }

    #[test]
    fn a_refusal_says_its_kind_by_its_code() {
        assert_eq!(said(65, "a link is there").kind, HostErrorKind::Blocked);
        assert_eq!(said(1, "a link is there").kind, HostErrorKind::Failed);
    }

    #[test]
    fn what_the_operator_can_do_is_said() {
        let full = said(1, "cat: write error: No space left on device\n");
        let error = full.into_error("write file `/etc/motd`".to_owned(), "h1");
        assert!(error.to_string().contains("the disk is full"), "{error}");
        assert!(error.source().unwrap().to_string().contains("cat: write error"));
        assert_eq!(said(1, "rm: Read-only file system").kind, HostErrorKind::Failed);
        let full = "rmdir: failed to remove '/srv': Directory not empty";
        assert_eq!(said(1, full).kind, HostErrorKind::Blocked);
        assert_eq!(said(1, "chown: Operation not permitted").kind, HostErrorKind::Denied);
        let used = said(8, "userdel: user deploy is currently used by process 4711");
        assert_eq!(used.kind, HostErrorKind::Busy);
        assert_eq!(
            said(1, "useradd: cannot lock /etc/passwd; try again later.").kind,
            HostErrorKind::Busy
        );
        assert_eq!(said(7, "").text, "it ended with code 7");
    }
}
