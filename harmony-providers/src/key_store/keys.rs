//! The keys of a store.

use age::{Identity, secrecy::ExposeSecret, x25519};
use zeroize::Zeroizing;

/// The keys that open secrets, the one that new secrets are encrypted to first.
#[derive(Clone, Default)]
pub(super) struct Keys(Vec<x25519::Identity>);

impl Keys {
    /// Reads an identity file as `age-keygen` writes it.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let lines = std::str::from_utf8(text).ok()?.lines().map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        keys.map(|line| line.parse().ok()).collect::<Option<_>>().map(Self)
    }

    /// Writes an identity file.
    pub(super) fn text(&self) -> Zeroizing<String> {
        const LINES: usize = 300;
        // Large enough from the start: a buffer that grows leaves copies of the keys behind.
        let mut text = Zeroizing::new(String::with_capacity(LINES * (self.0.len() + 1)));
        for key in &self.0 {
            text.push_str("# public key: ");
            text.push_str(&key.to_public().to_string());
            text.push('\n');
            text.push_str(key.to_string().expose_secret());
            text.push('\n');
        }
        text
    }

    /// These and a new one, which comes first.
    pub(super) fn with_new(&self) -> Self {
        let new = std::iter::once(x25519::Identity::generate());
        Self(new.chain(self.0.iter().cloned()).collect())
    }

    /// Only the first.
    pub(super) fn newest(&self) -> Self {
        Self(self.0.first().cloned().into_iter().collect())
    }

    /// These, and then those of `others` that are not among them.
    pub(super) fn and(mut self, others: Self) -> Self {
        for other in others.0 {
            let public = other.to_public().to_string();
            if self.0.iter().all(|key| key.to_public().to_string() != public) {
                self.0.push(other);
            }
        }
        self
    }

    /// What new secrets are encrypted to.
    pub(super) fn recipient(&self) -> Option<x25519::Recipient> {
        self.0.first().map(x25519::Identity::to_public)
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = &dyn Identity> {
        self.0.iter().map(|key| key as &dyn Identity)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} of them)", self.0.len())
    }
}
