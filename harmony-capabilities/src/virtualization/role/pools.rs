use super::{PoolStatus, VolumeStatus};
use crate::virtualization::{PoolSpec, VirtualizationError, VolumeRef, VolumeSpec};
use harmony_phases::{Context, Outcome, ValidationReport, capability, ownership::Mark};
use harmony_types::ObjectName;

/// Keeps volumes, the disks of virtual machines, in pools.
///
/// Where volumes have no room for a mark, a volume belongs to whom its pool belongs: in a pool that
/// is not this site's, a volume is ensured only with `adopt`, and nothing is ever deleted. Whether
/// a pool or a volume is protected is the provider's to write down, so that prune knows it when
/// the score is gone. A pair of hypervisors does what its primary does.
#[capability(failover = primary)]
pub trait StoragePools {
    /// Looks at the pool that a spec names, and answers what ensuring it would do.
    ///
    /// # Errors
    /// When looking failed; a pool that must not be touched is no error but a `Blocked` report.
    async fn examine_pool(
        &self,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Brings the pool into the shape of the spec and starts it; its folder is made where there is
    /// none.
    ///
    /// # Errors
    /// When it must not be touched (`Blocked`), or the hypervisor could not do it.
    async fn ensure_pool(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at a pool and answers what removing it would do.
    ///
    /// # Errors
    /// When looking failed.
    async fn examine_pool_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Forgets a pool that is this site's and holds no volume; its folder stays.
    ///
    /// # Errors
    /// When the hypervisor could not do it.
    async fn remove_pool(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at the volume that a spec names, and answers what ensuring it would do.
    ///
    /// A change that would lose data (a smaller capacity, another format) is `Blocked`; a content
    /// that was cut off is not taken for complete.
    ///
    /// # Errors
    /// When looking failed.
    async fn examine_volume(
        &self,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Creates the volume, fills it from its image with progress in bytes, or lets it grow.
    ///
    /// # Errors
    /// When it must not be touched (`Blocked`), its image is missing (`NotFound`) or not the one
    /// promised (`Corrupt`), or the hypervisor could not do it.
    async fn ensure_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at a volume and answers what removing it would do.
    ///
    /// # Errors
    /// When looking failed.
    async fn examine_volume_removal(
        &self,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Deletes a volume that is this site's, with its data; others are left in place.
    ///
    /// # Errors
    /// When the hypervisor could not do it.
    async fn remove_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<Outcome, VirtualizationError>;

    /// Lists all pools, whoever made them.
    ///
    /// # Errors
    /// When looking failed: a list is complete, or there is none.
    async fn pools(&self) -> Result<Vec<PoolStatus>, VirtualizationError>;

    /// Lists the volumes of a pool; none if there is no such pool.
    ///
    /// # Errors
    /// When looking failed: a list is complete, or there is none.
    async fn volumes(&self, pool: &ObjectName) -> Result<Vec<VolumeStatus>, VirtualizationError>;
}
