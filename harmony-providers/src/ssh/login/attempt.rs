use std::fmt;

/// One attempt to log in: with what, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// With what, by name.
    pub credential: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt to log in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server took it, and wants something else besides.
    NotEnough,
    /// The server does not take this kind; it was not sent.
    NotOffered,
    /// The server refused it.
    Refused,
    /// It could not be tried, for this reason.
    Unusable(String),
}

impl Attempt {
    pub(super) fn new(credential: impl Into<String>, outcome: Outcome) -> Self {
        Self { credential: credential.into(), outcome }
    }

    pub(super) fn unusable(credential: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(credential, Outcome::Unusable(why.into()))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.credential, self.outcome)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEnough => f.write_str("accepted, and not enough"),
            Self::NotOffered => f.write_str("not taken by the server"),
            Self::Refused => f.write_str("refused"),
            Self::Unusable(why) => f.write_str(why),
        }
    }
}
