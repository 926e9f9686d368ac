//! Volumes: created, filled, grown and deleted, and never shrunk.
use super::{
    seen::{forbidden, kept},
    simulated::SimulatedHypervisor,
    thing::{Kind, Thing, Wanted},
    world::{Image, Volume, World, refuse},
};
use crate::virtualization::{
    Checksum, VirtualizationError, VirtualizationErrorKind, VolumeRef, VolumeSpec,
};
use harmony_phases::{
    Context, Outcome, Unit, ValidationReport,
    ownership::Mark,
    score::{ChangeEffect, Detail},
};
use harmony_types::{ByteSize, ObjectName};

/// What a look at a volume comes to.
pub(super) enum SeenVolume {
    Blocked(String),
    Missing { pool: bool },
    There { fill: bool, grow: Option<(ByteSize, ByteSize)> },
}

impl SeenVolume {
    pub(super) fn report(self) -> ValidationReport {
        match self {
            Self::Blocked(reason) => ValidationReport::blocked(reason),
            Self::Missing { pool: true } => ValidationReport::will_create(),
            Self::Missing { pool: false } => {
                ValidationReport::will_create().precondition("its pool is there")
            }
            Self::There { fill: false, grow: None } => ValidationReport::already_applied(),
            Self::There { fill, grow } => {
                let fill =
                    fill.then(|| change("content", "cut off".to_owned(), "complete".to_owned()));
                let grow = grow.map(|(found, wanted)| {
                    change("capacity", found.to_string(), wanted.to_string())
                });
                fill.into_iter()
                    .chain(grow)
                    .fold(ValidationReport::will_update(), ValidationReport::detail)
            }
        }
    }
}

fn change(field: &str, found: String, wanted: String) -> Detail {
    Detail::Change { field: field.to_owned(), found, wanted, effect: ChangeEffect::Live }
}

impl World {
    /// How many volumes a pool holds.
    pub(super) fn holds(&self, pool: &ObjectName) -> usize {
        self.volumes.keys().filter(|volume| volume.pool == *pool).count()
    }

    /// The size of the content that a volume begins with.
    fn content(&self, spec: &VolumeSpec) -> Option<ByteSize> {
        let image =
            spec.source.as_ref().and_then(|source| self.images.get(&source.location.to_string()));
        let backing =
            spec.backing.as_ref().and_then(|backing| self.volumes.get(backing.source.volume()?));
        image.map(|image| image.size).or_else(|| backing.map(|volume| volume.capacity))
    }
}

impl SimulatedHypervisor {
    pub(super) async fn see_volume(
        &self,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<SeenVolume, VirtualizationError> {
        let name = spec.volume();
        let look = |world: &World| {
            (world.thing(Kind::Pool, &name.pool).cloned(), world.volumes.get(&name).cloned())
        };
        let (pool, found) = self.look(&format!("look at volume `{name}`"), look).await?;
        let wanted = Wanted::new(Kind::Pool, &name.pool, mark, spec.custody, &());
        let what = format!("pool `{}`, which is to hold `{}`,", name.pool, name.name);
        if let Some(reason) =
            pool.as_ref().and_then(|pool: &Thing| forbidden(&what, pool.mark.clone(), &wanted))
        {
            return Ok(SeenVolume::Blocked(reason));
        }
        Ok(match found {
            None => SeenVolume::Missing { pool: pool.is_some() },
            Some(found) => compare(spec, &found),
        })
    }

    pub(super) async fn bring_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<Outcome, VirtualizationError> {
        let name = spec.volume();
        let (fill, grow, verb) = match self.see_volume(mark, spec).await? {
            SeenVolume::Blocked(reason) => {
                return Err(refuse(
                    VirtualizationErrorKind::Blocked,
                    format!("ensure volume `{name}`: {reason}"),
                ));
            }
            SeenVolume::There { fill: false, grow: None } => {
                return Ok(Outcome::noop(format!("volume `{name}` is as wanted")));
            }
            SeenVolume::There { fill, grow } => (fill, grow, "updated"),
            SeenVolume::Missing { .. } => {
                self.obtain(spec).await?;
                self.create_volume(ctx, spec).await?;
                (spec.source.is_some(), None, "made")
            }
        };
        if fill {
            let size = self.obtain(spec).await?.map_or(0, |image| image.size.as_bytes());
            ctx.progress(0, Some(size), Unit::Bytes);
            self.alter_volume(ctx, "fill volume", &name, |volume| {
                !std::mem::replace(&mut volume.complete, true)
            })
            .await?;
            ctx.progress(size, Some(size), Unit::Bytes);
        }
        if let Some((_, wanted)) = grow {
            self.alter_volume(ctx, "grow volume", &name, |volume| {
                std::mem::replace(&mut volume.capacity, wanted) < wanted
            })
            .await?;
        }
        Ok(Outcome::success(format!("volume `{name}` {verb}")))
    }

    /// Looks for the image of a volume, and at its checksum and size, before anything is made.
    async fn obtain(&self, spec: &VolumeSpec) -> Result<Option<Image>, VirtualizationError> {
        let Some(source) = &spec.source else { return Ok(None) };
        let location = source.location.to_string();
        let what = format!("obtain the image `{location}`");
        let found = self.look(&what, |world| world.images.get(&location).copied()).await?;
        let image = found.ok_or_else(|| refuse(VirtualizationErrorKind::NotFound, &what))?;
        if matches!(source.checksum, Checksum::Sha256(digest) if digest != image.digest) {
            return Err(refuse(VirtualizationErrorKind::Corrupt, what));
        }
        if let Some(capacity) = spec.capacity.filter(|capacity| *capacity < image.size) {
            let what = format!("fit the image `{location}` of {} into {capacity}", image.size);
            return Err(refuse(VirtualizationErrorKind::Invalid, what)
                .remedy("give the volume more capacity"));
        }
        Ok(Some(image))
    }

    async fn create_volume(
        &self,
        ctx: &Context,
        spec: &VolumeSpec,
    ) -> Result<(), VirtualizationError> {
        let name = spec.volume();
        self.step(ctx, "create volume", &name.to_string(), |world| {
            if !world.existing(Kind::Pool, &name.pool)?.active {
                return Err(refuse(
                    VirtualizationErrorKind::Refused,
                    format!("use pool `{}`, which is off", name.pool),
                ));
            }
            if world.volumes.contains_key(&name) {
                return Err(refuse(
                    VirtualizationErrorKind::Exists,
                    format!("create volume `{name}`"),
                ));
            }
            let missing = || {
                refuse(
                    VirtualizationErrorKind::NotFound,
                    format!("find what volume `{name}` builds upon"),
                )
            };
            let capacity = spec.capacity.or_else(|| world.content(spec)).ok_or_else(missing)?;
            let backing = spec.backing.clone();
            let made =
                Volume { format: spec.format, capacity, backing, complete: spec.source.is_none() };
            world.volumes.insert(name.clone(), made);
            Ok(())
        })
        .await
    }

    /// Alters a volume; what alters nothing is refused.
    async fn alter_volume(
        &self,
        ctx: &Context,
        action: &str,
        name: &VolumeRef,
        alter: impl Fn(&mut Volume) -> bool + Send + Sync,
    ) -> Result<(), VirtualizationError> {
        self.step(ctx, action, &name.to_string(), |world| {
            let refused = |kind| refuse(kind, format!("{action} `{name}`"));
            let missing = || refused(VirtualizationErrorKind::NotFound);
            if alter(world.volumes.get_mut(name).ok_or_else(missing)?) {
                return Ok(());
            }
            Err(refused(VirtualizationErrorKind::Refused))
        })
        .await
    }

    /// Whether a volume is there, and may be deleted or why not.
    pub(super) async fn see_volume_removal(
        &self,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<Option<Result<(), String>>, VirtualizationError> {
        let look = |world: &World| {
            let there = world.volumes.contains_key(volume);
            there.then(|| world.thing(Kind::Pool, &volume.pool).and_then(|pool| pool.mark.clone()))
        };
        let found = self.look(&format!("look at volume `{volume}`"), look).await?;
        let mark_of_pool = |found: Option<Mark>| found.map(|found| found.protect(false));
        let what = format!("the pool of volume `{volume}`");
        Ok(found.map(|found| kept(&what, mark_of_pool(found), &mark.site).map_or(Ok(()), Err)))
    }

    pub(super) async fn delete_volume(
        &self,
        ctx: &Context,
        volume: &VolumeRef,
    ) -> Result<(), VirtualizationError> {
        self.step(ctx, "delete volume", &volume.to_string(), |world| {
            let missing =
                || refuse(VirtualizationErrorKind::NotFound, format!("delete volume `{volume}`"));
            world.volumes.remove(volume).map(drop).ok_or_else(missing)
        })
        .await
    }
}

fn compare(spec: &VolumeSpec, found: &Volume) -> SeenVolume {
    let loses = |what: &str, found: &dyn ToString, wanted: &dyn ToString| {
        let (found, wanted) = (found.to_string(), wanted.to_string());
        let reason = format!(
            "{what} {found} -> {wanted} would lose data: use another name, or remove the volume first"
        );
        SeenVolume::Blocked(reason)
    };
    if spec.format != found.format {
        return loses("format", &found.format, &spec.format);
    }
    if let Some(wanted) = spec.capacity.filter(|wanted| *wanted < found.capacity) {
        return loses("capacity", &found.capacity, &wanted);
    }
    if spec.backing.is_some() && spec.backing != found.backing {
        return loses("backing", &"what is there", &"another");
    }
    let grow = spec
        .capacity
        .filter(|wanted| *wanted > found.capacity)
        .map(|wanted| (found.capacity, wanted));
    SeenVolume::There { fill: !found.complete, grow }
}
