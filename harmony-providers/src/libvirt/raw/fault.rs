//! libvirt's error codes, reduced to what callers decide on.

use virt::error::{Error, ErrorDomain, ErrorNumber};

/// A failed call, as libvirt reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) message: String,
    /// Whether the connection was found closed after the call.
    pub(crate) lost: bool,
}

/// What a failed call says about the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// The agent inside the guest does not answer.
    AgentSilent,
    /// Something else holds the object.
    Busy,
    /// The user may not do this.
    Denied,
    /// An object of this name or UUID is there already.
    Exists,
    /// The text or the XML was not accepted.
    Invalid,
    /// The object is not there. Nothing else means that.
    NotFound,
    /// The object is not in a state that allows the call.
    Refused,
    /// The daemon could not be reached.
    Unreachable,
    /// This driver or this version has no such call.
    Unsupported,
    /// Every other failure.
    Failed,
}

impl Fault {
    /// A refusal of our own, made before libvirt was asked.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: Code::Invalid, message: message.into(), lost: false }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.code == Code::NotFound
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { code: code(&error), message: error.message().to_owned(), lost: false }
    }
}

/// Turns "it is not there" into an answer; every other failure stays one.
pub(super) fn present<T>(found: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match found {
        Ok(it) => Ok(Some(it)),
        Err(fault) if fault.code == Code::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn code(error: &Error) -> Code {
    match error.code() {
        ErrorNumber::NoDomain
        | ErrorNumber::NoDomainMetadata
        | ErrorNumber::NoNetwork
        | ErrorNumber::NoNetworkMetadata
        | ErrorNumber::NoStoragePool
        | ErrorNumber::NoStorageVolume => Code::NotFound,
        ErrorNumber::DomExist | ErrorNumber::NetworkExist | ErrorNumber::StorageVolExist => {
            Code::Exists
        }
        ErrorNumber::AuthFailed
        | ErrorNumber::AuthCancelled
        | ErrorNumber::AuthUnavailable
        | ErrorNumber::AccessDenied
        | ErrorNumber::OperationDenied => Code::Denied,
        ErrorNumber::NoSupport
        | ErrorNumber::ArgumentUnsupported
        | ErrorNumber::ConfigUnsupported
        | ErrorNumber::OperationUnsupported => Code::Unsupported,
        ErrorNumber::XmlError
        | ErrorNumber::XmlDetail
        | ErrorNumber::XmlInvalidSchema
        | ErrorNumber::InvalidArg
        | ErrorNumber::InvalidMac => Code::Invalid,
        ErrorNumber::AgentUnresponsive
        | ErrorNumber::AgentUnsynced
        | ErrorNumber::AgentCommandTimeout
        | ErrorNumber::AgentCommandFailed => Code::AgentSilent,
        ErrorNumber::OperationInvalid => Code::Refused,
        ErrorNumber::ResourceBusy => Code::Busy,
        ErrorNumber::NoConnect | ErrorNumber::UnknownHost | ErrorNumber::Rpc => Code::Unreachable,
        ErrorNumber::SystemError | ErrorNumber::InternalError
            if matches!(error.domain(), ErrorDomain::Rpc | ErrorDomain::Remote) =>
        {
            Code::Unreachable
        }
        _ => Code::Failed,
    }
}
