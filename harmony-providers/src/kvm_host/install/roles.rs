//! What a host has to offer to be made a KVM host.

use std::str::FromStr;

use harmony_capabilities::host::{
    AccountStore, CommandExecution, HostError, HostErrorKind, HostFacts, KernelModules,
    PackageManager, ServiceManager,
};
use harmony_types::ParseError;

/// The roles of a host that the installation needs.
pub(super) trait Bare:
    AccountStore + CommandExecution + HostFacts + KernelModules + PackageManager + ServiceManager
{
}

impl<T> Bare for T where
    T: AccountStore
        + CommandExecution
        + HostFacts
        + KernelModules
        + PackageManager
        + ServiceManager
{
}

/// Reads a name that this module knows.
pub(super) fn named<T: FromStr<Err = ParseError>>(name: &str) -> Result<T, HostError> {
    name.parse().map_err(|error: ParseError| {
        HostError::new(HostErrorKind::Invalid, ["use the name ", name].concat()).caused_by(error)
    })
}
