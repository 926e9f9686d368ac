use std::{fmt, str::FromStr};

use super::{AddressError, SshAddress};
use crate::text::text_type;

/// Where a host for virtual machines is: `here` for the machine that the program runs on, or an
/// address for SSH.
///
/// A host whose name is `here` is written `ssh://here`.
///
/// # Examples
/// ```
/// use harmony_types::KvmHostAddress;
///
/// assert_eq!("here".parse::<KvmHostAddress>()?, KvmHostAddress::Here);
/// let there: KvmHostAddress = "root@h1.example".parse()?;
/// assert_eq!(there.ssh().map(|address| address.to_string()), Some("root@h1.example".to_owned()));
/// # Ok::<(), harmony_types::AddressError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KvmHostAddress {
    /// The machine that the program runs on.
    Here,
    /// A host that SSH reaches.
    Ssh(SshAddress),
}

impl KvmHostAddress {
    const HERE: &'static str = "here";

    /// Returns the address for SSH, unless it is this machine.
    pub fn ssh(&self) -> Option<&SshAddress> {
        match self {
            Self::Here => None,
            Self::Ssh(address) => Some(address),
        }
    }
}

impl From<SshAddress> for KvmHostAddress {
    fn from(address: SshAddress) -> Self {
        Self::Ssh(address)
    }
}

impl FromStr for KvmHostAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text == Self::HERE { Ok(Self::Here) } else { text.parse().map(Self::Ssh) }
    }
}

impl fmt::Display for KvmHostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here => f.pad(Self::HERE),
            Self::Ssh(address) => match address.to_string() {
                text if text == Self::HERE => write!(f, "ssh://{text}"),
                text => f.pad(&text),
            },
        }
    }
}

impl fmt::Debug for KvmHostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

text_type!(KvmHostAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_called_here_is_not_this_machine() {
        let host: KvmHostAddress = "ssh://here".parse().unwrap();
        assert!(host.ssh().is_some());
        assert_eq!(host.to_string(), "ssh://here");
        assert_eq!("here:22".parse::<KvmHostAddress>().unwrap().to_string(), "here:22");
        assert_eq!(serde_json::to_string(&KvmHostAddress::Here).unwrap(), "\"here\"");
    }
}
