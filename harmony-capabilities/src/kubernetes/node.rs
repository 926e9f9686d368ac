use std::fmt;

/// What an API server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It does not take requests yet; what it said instead.
    NotReady(String),
    /// It takes requests.
    Ready,
}

/// A machine of the cluster, as the API server knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Whether it takes pods.
    pub ready: bool,
}

impl Readiness {
    /// Whether it takes requests.
    pub const fn is_ready(&self) -> bool {
        matches!(self, Self::Ready)
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReady(said) => write!(f, "not ready: {said}"),
            Self::Ready => f.write_str("ready"),
        }
    }
}
