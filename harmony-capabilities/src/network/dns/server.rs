use harmony_macros::capability;
use harmony_phases::{Context, ownership::Mark};

use super::{DnsName, DnsRecord, RecordKind};
use crate::network::{Marked, NetworkError};

/// A DNS server whose own records can be changed.
///
/// dnsmasq keeps them as `host-record`, `address` and `cname` lines, OPNsense as host overrides of Unbound with a
/// description; both know one by name and kind. Time to live and reverse records are left out: products decide them.
///
/// Failover is `both`: machines ask whichever server they were given first, and a name that leads to two places is
/// worse than one that leads nowhere.
#[capability(failover = both)]
pub trait DnsServer {
    /// Every record of the server's own, whoever made it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    async fn records(&self) -> Result<Vec<Marked<DnsRecord>>, NetworkError>;

    /// Makes a record, in place of whatever its name has of its kind, and marks it.
    ///
    /// # Errors
    /// With kind `Conflict` when the name is an alias already, or is to become one and has other records.
    async fn publish(
        &self,
        ctx: &Context,
        record: &DnsRecord,
        mark: &Mark,
    ) -> Result<(), NetworkError>;

    /// Takes away what `name` has of `kind`; nothing to do where it has nothing.
    ///
    /// # Errors
    /// When the server cannot be reached or does not do it, or the run was cancelled.
    async fn withdraw(
        &self,
        ctx: &Context,
        name: &DnsName,
        kind: RecordKind,
    ) -> Result<(), NetworkError>;
}
