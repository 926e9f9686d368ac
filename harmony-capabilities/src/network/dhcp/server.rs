use harmony_macros::capability;
use harmony_phases::{Context, ownership::Mark};
use harmony_types::MacAddress;

use super::Reservation;
use crate::network::{Marked, NetworkError};

/// A DHCP server, as far as fixed addresses go.
///
/// dnsmasq keeps reservations as `dhcp-host` lines with a tag for what to boot, OPNsense as static mappings with a
/// description; both can list them, and both know one by its card. Leases of other machines, ranges and options are
/// left out: products differ in what they tell of them.
///
/// Failover is `both`: either server of a pair may answer a machine that asks, so both have to know its address. They
/// do not share leases, and reservations need none.
#[capability(failover = both)]
pub trait DhcpServer {
    /// Every reservation there is, whoever made it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    async fn reservations(&self) -> Result<Vec<Marked<Reservation>>, NetworkError>;

    /// Makes a reservation, in place of whatever its card has, and marks it.
    ///
    /// # Errors
    /// With kind `Conflict` when another card has the address.
    async fn reserve(
        &self,
        ctx: &Context,
        reservation: &Reservation,
        mark: &Mark,
    ) -> Result<(), NetworkError>;

    /// Takes away what `card` has; nothing to do where it has nothing.
    ///
    /// # Errors
    /// When the server cannot be reached or does not do it, or the run was cancelled.
    async fn release(&self, ctx: &Context, card: MacAddress) -> Result<(), NetworkError>;
}
