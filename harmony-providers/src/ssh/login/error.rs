use std::{error::Error, fmt};

use super::{Attempt, Outcome};

/// Why a login did not succeed: what was tried in which order, and what the server would still take.
#[derive(Debug)]
pub struct LoginError {
    user: String,
    tried: Vec<Attempt>,
    still_taken: Vec<&'static str>,
    ended: bool,
    source: Option<russh::Error>,
}

impl LoginError {
    pub(super) fn new(user: &str, tried: Vec<Attempt>, still_taken: Vec<&'static str>) -> Self {
        Self { user: user.to_owned(), tried, still_taken, ended: false, source: None }
    }

    /// Says that the connection ended before it was decided.
    pub(super) fn ended(mut self, source: Option<russh::Error>) -> Self {
        self.ended = true;
        self.source = source;
        self
    }

    /// As whom.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// What was tried, in this order.
    pub fn tried(&self) -> &[Attempt] {
        &self.tried
    }

    /// Whether the connection was lost before the server refused anything; then another try may succeed.
    pub fn is_lost(&self) -> bool {
        self.ended && !self.was_refused()
    }

    /// What to do about it.
    pub fn advice(&self) -> Option<String> {
        if self.is_lost() {
            return None;
        }
        if self.ended {
            let advice = "the server allows few attempts: name the one key that it knows (IdentityFile with \
                          IdentitiesOnly, or Credential::key_file)";
            return Some(advice.to_owned());
        }
        let tried_something = self
            .tried
            .iter()
            .any(|attempt| !matches!(attempt.outcome, Outcome::Unusable(_) | Outcome::NotOffered));
        let advice = if tried_something {
            "add the key to the user's authorized_keys on the host, or name another credential"
        } else {
            "start an agent (ssh-add), or name a key file or a password"
        };
        Some(advice.to_owned())
    }

    fn was_refused(&self) -> bool {
        self.tried.iter().any(|it| matches!(it.outcome, Outcome::Refused | Outcome::NotEnough))
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "log in as `{}`: ", self.user)?;
        match (self.ended, self.was_refused()) {
            (true, true) => f.write_str("the server closed the connection")?,
            (true, false) => f.write_str("the connection ended")?,
            (false, _) => f.write_str("nothing was accepted")?,
        }
        if self.tried.is_empty() {
            f.write_str("; there was nothing to try")?;
        } else {
            let tried: Vec<String> = self.tried.iter().map(ToString::to_string).collect();
            write!(f, "; tried {}", tried.join(", "))?;
        }
        if !self.still_taken.is_empty() {
            write!(f, "; the server still takes {}", self.still_taken.join(", "))?;
        }
        Ok(())
    }
}

impl Error for LoginError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn Error + 'static))
    }
}
