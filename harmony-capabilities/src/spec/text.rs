use super::{SpecError, SpecErrorKind};
use crate::host::{
    AuthorizedKey, CommandInput, FileSource, ModuleName, Ownership, PackageName, Permissions,
    Probe, SysctlKey, UnitName, UserName,
};
use harmony_phases::SecretRef;
use harmony_types::{
    AddressRange, ByteSize, HostPath, Hostname, InterfaceName, IpNet, Ipv4Net, Ipv6Net, MacAddress,
    ObjectName, ParseError, ParseErrorKind, Sha256Digest,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a builder takes where a name or an address is wanted: the value itself, or its text.
///
/// Text is read at once; what is wrong with it is told by `build()`, so that setters need no `?`.
#[derive(Clone, Debug)]
pub struct Text<T>(Result<T, ParseError>);

impl<T> Text<T> {
    /// The same of what is made of the value.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Text<U> {
        Text(self.0.map(make))
    }

    /// Returns the value, or what is wrong with `field` of `what`.
    pub(crate) fn of(self, what: &str, field: &str) -> Result<T, SpecError> {
        self.0.map_err(|error| SpecError::new(what, field, SpecErrorKind::Invalid(error)))
    }
}

/// Makes `Text` of a type from its values and, by `$read`, from its text.
macro_rules! reads {
    ($type:ty, $read:expr) => {
        impl From<$type> for Text<$type> {
            fn from(value: $type) -> Self {
                Self(Ok(value))
            }
        }

        impl From<&$type> for Text<$type> {
            fn from(value: &$type) -> Self {
                Self(Ok(value.clone()))
            }
        }

        impl From<&str> for Text<$type> {
            fn from(text: &str) -> Self {
                Self($read(text))
            }
        }

        impl From<String> for Text<$type> {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<&String> for Text<$type> {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }
    };
    ($($type:ty),+) => {
        $(reads!($type, str::parse);)+
    };
}

reads!(
    AddressRange,
    ByteSize,
    HostPath,
    Hostname,
    InterfaceName,
    MacAddress,
    ObjectName,
    Sha256Digest
);
reads!(
    AuthorizedKey,
    ModuleName,
    Ownership,
    PackageName,
    Permissions,
    SysctlKey,
    UnitName,
    UserName
);
reads!(SecretRef, |text: &str| text.parse().map_err(|_| {
    // The text is not repeated: it may be the secret itself, given by mistake.
    let expected = "`source:name`, such as `env:API_TOKEN` or `file:token`";
    ParseError::new("reference to a secret", "…", ParseErrorKind::Malformed { expected })
}));
reads!(IpAddr, |text: &str| foreign(text, "IP address", "an IPv4 or an IPv6 address"));
reads!(IpNet, |text: &str| foreign(
    text,
    "subnet",
    "an address and a prefix length, such as `10.0.0.0/24`"
));

fn foreign<T: std::str::FromStr>(
    text: &str,
    what: &'static str,
    expected: &'static str,
) -> Result<T, ParseError> {
    text.parse().map_err(|_| ParseError::new(what, text, ParseErrorKind::Malformed { expected }))
}

/// Makes `Text` of a type from its values only.
macro_rules! holds {
    ($($type:ty),+) => {
        $(impl From<$type> for Text<$type> {
            fn from(value: $type) -> Self {
                Self(Ok(value))
            }
        })+
    };
}

holds!(CommandInput, FileSource, Probe);

/// Makes `Text` of a type from what converts into it.
macro_rules! converts {
    ($($from:ty => $type:ty),+) => {
        $(impl From<$from> for Text<$type> {
            fn from(value: $from) -> Self {
                Self(Ok(value.into()))
            }
        })+
    };
}

converts!(Ipv4Addr => IpAddr, Ipv6Addr => IpAddr, [u8; 4] => IpAddr, Ipv4Net => IpNet, Ipv6Net => IpNet);
