//! What a selector is made of.

use std::{fmt, str::FromStr};

use super::{SelectorError, glob::fits, parse::parse};
use crate::inventory::Host;

/// Picks hosts: `role=worker,zone!=b`.
///
/// ```text
/// selector = all | term { "," term }       every term must hold
/// term     = key operator value { "|" value }
/// operator = "=" | "!=" | "~" | "!~"       is, is not, is like, is not like
/// key      = "name" | "address" | a label's key
/// ```
///
/// `a|b` is either of the two. After `~` and `!~` a value is a pattern: `*` stands for any characters,
/// `?` for one. A host without the label is never *is* or *is like*, and always *is not* and *is not
/// like*. `all` picks every host. Spaces around keys and values do not count.
///
/// ```
/// use harmony_phases::inventory::{Host, Selector};
/// let host = Host::new("kvm-1".parse()?, "192.0.2.1".parse()?).label("role", "kvm");
/// assert!("role=kvm, name~kvm-*".parse::<Selector>()?.picks(&host));
/// assert!("zone!=b".parse::<Selector>()?.picks(&host));
/// assert!(!"name=kvm-2|kvm-3".parse::<Selector>()?.picks(&host));
///
/// let error = "role=kvm,kvm-2".parse::<Selector>().unwrap_err();
/// assert_eq!(error.part(), (9, 5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    pub(super) terms: Vec<Term>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) key: String,
    pub(super) operator: Operator,
    pub(super) values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsLike,
    IsNot,
    IsNotLike,
}

impl Selector {
    /// Picks every host.
    pub const fn all() -> Self {
        Self { terms: Vec::new() }
    }

    /// Whether it picks `host`.
    pub fn picks(&self, host: &Host) -> bool {
        self.terms.iter().all(|term| term.holds(host))
    }
}

impl Term {
    fn holds(&self, host: &Host) -> bool {
        let found = match self.key.as_str() {
            "name" => Some(host.name.to_string()),
            "address" => Some(host.address.host().to_string()),
            key => host.labels.get(key).cloned(),
        };
        let any = |like: fn(&str, &str) -> bool| {
            found.is_some_and(|found| self.values.iter().any(|value| like(value, &found)))
        };
        match self.operator {
            Operator::Is => any(|value, found| value == found),
            Operator::IsLike => any(fits),
            Operator::IsNot => !any(|value, found| value == found),
            Operator::IsNotLike => !any(fits),
        }
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        parse(text)
    }
}

impl Operator {
    pub(super) const ALL: [(&'static str, Self); 4] =
        [("!=", Self::IsNot), ("!~", Self::IsNotLike), ("=", Self::Is), ("~", Self::IsLike)];
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("all");
        }
        for (index, Term { key, operator, values }) in self.terms.iter().enumerate() {
            let sign = Operator::ALL.iter().find(|(_, one)| one == operator).map_or("", |(s, _)| s);
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{key}{sign}{}", values.join("|"))?;
        }
        Ok(())
    }
}
