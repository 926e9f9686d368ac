//! What carries a site's mark on a hypervisor: one census for each kind of object.
use super::{
    Hypervisor, StoragePools, VirtualNetworks, VolumeRef,
    score::{MACHINE, NETWORK, POOL, VOLUME},
};
use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, InterpretError, InterpretErrorKind, Outcome,
    claim::Resource,
    ownership::{Census, Mark, Orphan},
};
use harmony_types::{ObjectName, ParseError, SiteName};
use std::str::FromStr;

/// Counts the virtual machines of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineCensus;

/// Counts the virtual networks of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct NetworkCensus;

/// Counts the storage pools of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolCensus;

/// Counts the volumes of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct VolumeCensus;

#[async_trait]
impl<T: Hypervisor> Census<T> for MachineCensus {
    fn counts(&self) -> &'static str {
        "virtual machines"
    }

    async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
        let found = on.machines().await?.into_iter();
        Ok(ours(ctx.site(), MACHINE, found.map(|machine| (machine.name, machine.mark))))
    }

    async fn remove(
        &self,
        ctx: &Context,
        on: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError> {
        Ok(on.remove_machine(ctx, &orphan.mark, &named::<ObjectName>(orphan)?).await?)
    }
}

#[async_trait]
impl<T: VirtualNetworks> Census<T> for NetworkCensus {
    fn counts(&self) -> &'static str {
        "virtual networks"
    }

    async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
        let found = on.networks().await?.into_iter();
        Ok(ours(ctx.site(), NETWORK, found.map(|network| (network.name, network.mark))))
    }

    async fn remove(
        &self,
        ctx: &Context,
        on: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError> {
        Ok(on.remove_network(ctx, &orphan.mark, &named::<ObjectName>(orphan)?).await?)
    }
}

#[async_trait]
impl<T: StoragePools> Census<T> for PoolCensus {
    fn counts(&self) -> &'static str {
        "storage pools"
    }

    async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
        let found = on.pools().await?.into_iter();
        Ok(ours(ctx.site(), POOL, found.map(|pool| (pool.name, pool.mark))))
    }

    async fn remove(
        &self,
        ctx: &Context,
        on: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError> {
        Ok(on.remove_pool(ctx, &orphan.mark, &named::<ObjectName>(orphan)?).await?)
    }
}

#[async_trait]
impl<T: StoragePools> Census<T> for VolumeCensus {
    fn counts(&self) -> &'static str {
        "volumes"
    }

    async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
        let mut orphans = Vec::new();
        for pool in on.pools().await? {
            // A pool whose name breaks our rules was not made by us, and nothing of ours lies in
            // it.
            let Ok(name) = pool.name.parse() else { continue };
            let found = on.volumes(&name).await?.into_iter();
            let found =
                found.map(|volume| (format!("{}/{}", volume.pool, volume.name), volume.mark));
            orphans.extend(ours(ctx.site(), VOLUME, found));
        }
        Ok(orphans)
    }

    async fn remove(
        &self,
        ctx: &Context,
        on: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError> {
        Ok(on.remove_volume(ctx, &orphan.mark, &named::<VolumeRef>(orphan)?).await?)
    }
}

/// Those that carry the site's mark.
fn ours(
    site: &SiteName,
    kind: &str,
    found: impl Iterator<Item = (String, Option<Mark>)>,
) -> Vec<Orphan> {
    let marked =
        found.filter_map(|(name, mark)| Some((name, mark.filter(|mark| mark.site == *site)?)));
    marked.map(|(name, mark)| Orphan { claim: Claim::object(kind, name), mark }).collect()
}

/// The name in an orphan's claim.
fn named<N: FromStr<Err = ParseError>>(orphan: &Orphan) -> Result<N, InterpretError> {
    let failed =
        || InterpretError::new(InterpretErrorKind::Invalid, format!("orphan {}", orphan.claim));
    match orphan.claim.resource() {
        Resource::Object { name, .. } => {
            name.parse().map_err(|error: ParseError| failed().caused_by(error))
        }
        _ => Err(failed()),
    }
}
