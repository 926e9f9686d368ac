use harmony_phases::{Context, capability, ownership::Mark};

use super::{PackageChange, PackageName, PackageRole, PackageState, Transaction};
use crate::host::HostError;

/// Installs the packages of a host.
#[capability(failover = both)]
pub trait PackageManager {
    /// What the host has of a package.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn package(&self, name: &PackageName) -> Result<PackageState, HostError>;

    /// The packages that play a role on this host.
    ///
    /// # Errors
    /// With kind `Unsupported` when the host's distribution is not known, which the error names.
    fn packages_for(&self, role: PackageRole) -> Result<Vec<PackageName>, HostError>;

    /// What a change would do, without doing it.
    ///
    /// # Errors
    /// With kind `NotFound` when a package is not known, even to a fresh index; when the change cannot be.
    async fn simulate(&self, change: &PackageChange) -> Result<Transaction, HostError>;

    /// Makes a change, after waiting for whoever holds the lock and mending what was cut short; keeps the
    /// configuration files that were changed on the host. What becomes installed by it, because it was asked for,
    /// carries the mark; what was there already does not, unless it is to be adopted. What is removed loses its mark,
    /// also where only the mark is there.
    ///
    /// # Errors
    /// With kind `Blocked`, and with nothing touched, when it would remove what nobody asked to remove. When it did not
    /// work; with kind `Unknown` when the connection was lost in the middle.
    async fn commit(
        &self,
        ctx: &Context,
        change: &PackageChange,
        mark: &Mark,
    ) -> Result<(), HostError>;

    /// Every package that carries a mark, of whatever site.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn marked_packages(&self) -> Result<Vec<(PackageName, Mark)>, HostError>;
}
