//! Why a transition of the site did not arrive.

use harmony_capabilities::network::{NetworkError, NetworkErrorKind};
use harmony_phases::{Phase, Topology, TransitionError, context::WaitError};
use harmony_types::{Hostname, MacAddress};

/// Why a transition of the site did not arrive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OkdSiteError {
    /// A cluster stands where none was seen a moment ago.
    #[error(
        "a control plane stands already, though the look before did not see it; run again to look once more"
    )]
    FormedMeanwhile,
    /// The cluster has lost a machine.
    #[error(
        "a control plane stands, but without {0}, and cannot be bootstrapped again; bring that back, or take the site down and run again"
    )]
    Incomplete(String),
    /// The bootstrap machine would get no address.
    #[error(
        "machine `{name}` ({mac}) has no reservation, so it would boot to nothing; reserve an address for it (DhcpScore) before this step"
    )]
    NoReservation {
        /// The machine.
        name: Hostname,
        /// Its card.
        mac: MacAddress,
    },
    /// What is there belongs to somebody else.
    #[error(
        "machine `{0}` is still on after it was removed: it does not carry this site's mark; remove it where it was made"
    )]
    NotOurs(Hostname),
    /// What was done is not seen.
    #[error(
        "the site acknowledged it, but a look does not confirm that {0}; run again to look once more"
    )]
    Unconfirmed(&'static str),
    /// What was waited for did not come in time, or the run was cancelled.
    #[error("the site is not there yet; run again to go on waiting")]
    Waited(#[source] WaitError),
    /// The site did not do, or not tell, what it was asked.
    #[error("the site does not answer as it should")]
    Network(#[source] NetworkError),
}

impl From<NetworkError> for OkdSiteError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl From<WaitError> for OkdSiteError {
    fn from(error: WaitError) -> Self {
        Self::Waited(error)
    }
}

impl OkdSiteError {
    /// Whether the run was cancelled before an effect began.
    pub(super) fn is_before_any_effect(&self) -> bool {
        matches!(self, Self::Network(error) if error.kind() == NetworkErrorKind::Cancelled)
    }
}

/// Nothing was touched.
pub(super) fn refused<P: Phase>(
    from: Topology<P>,
    error: impl Into<OkdSiteError>,
) -> TransitionError<Topology<P>> {
    TransitionError::refused(from, error.into())
}

/// The site may be half-way.
pub(super) fn interrupted<T>(error: impl Into<OkdSiteError>) -> TransitionError<T> {
    TransitionError::interrupted(error.into())
}
