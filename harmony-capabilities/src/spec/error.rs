use harmony_types::{ByteSize, ParseError};

/// A spec that cannot be meant: of what, which field, and the rule it breaks.
///
/// # Examples
/// ```
/// use harmony_capabilities::virtualization::NetworkSpec;
///
/// let error = NetworkSpec::builder()
///     .name("lan")
///     .subnet("192.168.101.0/24")
///     .gateway([192, 168, 7, 1])
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "network `lan`: gateway: 192.168.7.1 is not an address for a host of 192.168.101.0/24"
/// );
/// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {field}: {kind}")]
pub struct SpecError {
    what: String,
    field: String,
    kind: Box<SpecErrorKind>,
}

impl SpecError {
    /// Says that `field` of `what` breaks a rule.
    pub fn new(what: impl Into<String>, field: impl Into<String>, kind: SpecErrorKind) -> Self {
        Self { what: what.into(), field: field.into(), kind: Box::new(kind) }
    }

    /// Says the same of a part of `what`.
    #[must_use]
    pub(crate) fn within(mut self, what: &str) -> Self {
        self.field = format!("{}.{}", self.what, self.field);
        what.clone_into(&mut self.what);
        self
    }

    /// Returns the field, as the serialised spec spells it.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns the rule that was broken.
    pub fn kind(&self) -> &SpecErrorKind {
        &self.kind
    }
}

/// The rule that a field of a spec breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecErrorKind {
    /// The same value twice, where each must be different.
    #[error("{value} stands there twice")]
    Duplicate {
        /// The value.
        value: String,
    },
    /// Two fields that exclude each other.
    #[error("it cannot be together with {other}: {why}")]
    Excludes {
        /// The other field.
        other: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// A value that cannot be read.
    #[error(transparent)]
    Invalid(#[from] ParseError),
    /// A field that means nothing without another.
    #[error("it needs {other}: {why}")]
    Needs {
        /// The field that is missing.
        other: &'static str,
        /// Why it is needed.
        why: &'static str,
    },
    /// An address that no host of the subnet can have.
    #[error("{address} is not an address for a host of {subnet}")]
    OutsideSubnet {
        /// The address.
        address: String,
        /// The subnet.
        subnet: String,
    },
    /// Two ranges, or a range and an address, with something in common.
    #[error("{one} overlaps {other}")]
    Overlap {
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// Another rule, in words.
    #[error("{0}")]
    Rule(&'static str),
    /// A template that does not render with its variables.
    #[error("the template does not render: {why}")]
    Template {
        /// Why not, with the line.
        why: String,
    },
    /// A size below the least.
    #[error("{found} is too small: at least {least}")]
    TooSmall {
        /// What was given.
        found: ByteSize,
        /// The least.
        least: ByteSize,
    },
}

/// A field and its rule, before it is known which spec they belong to.
pub(crate) type Complaint = (String, SpecErrorKind);
