use super::{
    simulated::SimulatedHypervisor,
    thing::{Kind, Wanted},
};
use crate::virtualization::{
    PoolSpec, PoolStatus, StoragePools, VirtualizationError, VolumeRef, VolumeSpec, VolumeStatus,
};
use async_trait::async_trait;
use harmony_phases::{Context, Outcome, ValidationReport, ownership::Mark};
use harmony_types::{ByteSize, ObjectName};

fn wanted<'a>(mark: &'a Mark, spec: &'a PoolSpec) -> Wanted<'a> {
    Wanted::new(Kind::Pool, &spec.name, mark, spec.custody, spec)
}

#[async_trait]
impl StoragePools for SimulatedHypervisor {
    async fn examine_pool(
        &self,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<ValidationReport, VirtualizationError> {
        Ok(self.see(&wanted(mark, spec)).await?.report())
    }

    async fn ensure_pool(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<Outcome, VirtualizationError> {
        self.look_and_ensure(ctx, wanted(mark, spec)).await
    }

    async fn examine_pool_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError> {
        match self.look(&format!("list volumes of `{name}`"), |world| world.holds(name)).await? {
            0 => self.see_removal(mark, Kind::Pool, name).await,
            count => Ok(ValidationReport::already_applied().note(full(name, count))),
        }
    }

    async fn remove_pool(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        match self.look(&format!("list volumes of `{name}`"), |world| world.holds(name)).await? {
            0 => self.remove(ctx, mark, Kind::Pool, name).await,
            count => Ok(Outcome::left_in_place(full(name, count))),
        }
    }

    async fn examine_volume(
        &self,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<ValidationReport, VirtualizationError> {
        Ok(self.see_volume(mark, spec).await?.report())
    }

    async fn ensure_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<Outcome, VirtualizationError> {
        self.bring_volume(ctx, mark, spec).await
    }

    async fn examine_volume_removal(
        &self,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<ValidationReport, VirtualizationError> {
        Ok(match self.see_volume_removal(mark, volume).await? {
            None => ValidationReport::already_applied(),
            Some(Ok(())) => ValidationReport::will_delete(),
            Some(Err(reason)) => {
                ValidationReport::already_applied().note(format!("left in place: {reason}"))
            }
        })
    }

    async fn remove_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<Outcome, VirtualizationError> {
        Ok(match self.see_volume_removal(mark, volume).await? {
            None => Outcome::noop(format!("there is no volume `{volume}`")),
            Some(Err(reason)) => Outcome::left_in_place(reason),
            Some(Ok(())) => {
                self.delete_volume(ctx, volume).await?;
                Outcome::success(format!("volume `{volume}` deleted"))
            }
        })
    }

    async fn pools(&self) -> Result<Vec<PoolStatus>, VirtualizationError> {
        self.look("list pools", |world| {
            let status = world.all(Kind::Pool).map(|(name, pool)| PoolStatus {
                name: name.to_string(),
                active: pool.active,
                autostart: pool.field("autostart").unwrap_or_default(),
                path: pool.field("path"),
                capacity: ByteSize::gib(1024),
                available: ByteSize::gib(1024),
                mark: pool.mark.clone(),
            });
            status.collect()
        })
        .await
    }

    async fn volumes(&self, pool: &ObjectName) -> Result<Vec<VolumeStatus>, VirtualizationError> {
        self.look(&format!("list volumes of `{pool}`"), |world| {
            let inside = world.volumes.iter().filter(|(volume, _)| volume.pool == *pool);
            let status = inside.map(|(volume, state)| VolumeStatus {
                pool: volume.pool.to_string(),
                name: volume.name.to_string(),
                path: format!("/simulated/{volume}"),
                format: Some(state.format),
                capacity: state.capacity,
                allocation: state.capacity,
                mark: world.thing(Kind::Pool, pool).and_then(|pool| pool.mark.clone()),
            });
            status.collect()
        })
        .await
    }
}

fn full(name: &ObjectName, count: usize) -> String {
    format!("left in place: pool `{name}` still holds {count} volumes")
}
