//! Volumes of storage pools.

use futures_util::future::try_join4;
use harmony_capabilities::virtualization::{VolumeRef, VolumeSpec};
use harmony_phases::ownership::Mark;
use harmony_phases::score::{ChangeEffect, ValidationReport};
use harmony_phases::{Context, Outcome};
use harmony_types::ByteSize;

use super::super::drift::Drift;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::xml::{self, Volume};
use super::marker::{self, Fingerprint};

/// What a look at a volume came to.
#[derive(Debug)]
enum Seen {
    /// Its pool is not there or not running; it may be made by an earlier step.
    NoPool,
    Missing,
    Blocked(String),
    There {
        drift: Drift,
        grow: Option<u64>,
        refill: bool,
        /// Whether a run was cut between the end of the upload and the removal of its marker.
        sweep: bool,
        protect: Option<bool>,
    },
}

impl Libvirt {
    /// Looks at a volume and says what bringing it into shape would do.
    pub(crate) async fn plan_volume(
        &self,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<ValidationReport, LibvirtError> {
        Ok(match self.see_volume(mark, spec).await? {
            Seen::NoPool => ValidationReport::will_create()
                .precondition(format!("pool {} is there and runs", spec.pool)),
            Seen::Missing => {
                self.look_for_image(spec).await?;
                ValidationReport::will_create()
            }
            Seen::Blocked(why) => ValidationReport::blocked(why),
            Seen::There { drift, .. } => drift.into_report(),
        })
    }

    /// Brings a volume into shape.
    pub(crate) async fn shape_volume(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VolumeSpec,
    ) -> Result<Outcome, LibvirtError> {
        let volume = spec.volume();
        let what = format!("change volume {volume}");
        match self.see_volume(mark, spec).await? {
            Seen::Blocked(why) => Err(self.blocked(what, why)),
            Seen::NoPool => {
                let why = format!("pool `{}` is not there or not running", spec.pool);
                Err(self.blocked(what, why))
            }
            Seen::Missing => {
                self.make_volume(ctx, spec).await?;
                if spec.custody.protect {
                    self.protect_volume(ctx, &volume, true).await?;
                }
                Ok(Outcome::success(format!("volume {volume} created")))
            }
            Seen::There { drift, .. } if drift.is_empty() => {
                Ok(Outcome::noop(format!("volume {volume} is as wanted")))
            }
            Seen::There { grow, refill, sweep, protect, .. } => {
                if refill {
                    self.make_volume(ctx, spec).await?;
                } else if let Some(capacity) = grow {
                    self.grow_volume(ctx, &volume, capacity).await?;
                }
                if sweep {
                    let partial = marker::partial(volume.name.as_str());
                    self.set_marker(ctx, volume.pool.as_str(), &partial, false).await?;
                }
                if let Some(protect) = protect {
                    self.protect_volume(ctx, &volume, protect).await?;
                }
                Ok(Outcome::success(format!("volume {volume} updated")))
            }
        }
    }

    async fn see_volume(&self, mark: &Mark, spec: &VolumeSpec) -> Result<Seen, LibvirtError> {
        let (pool, name) = (spec.pool.as_str(), spec.name.as_str());
        let known = match self.known_pool(&mark.site, pool).await? {
            Some(known) if known.active => known,
            _ => return Ok(Seen::NoPool),
        };
        if !known.ours && !spec.custody.adopt {
            return Ok(Seen::Blocked(format!(
                "pool `{pool}` was not made by this site: use one of your own, or say `adopt` to \
                 put the volume there"
            )));
        }
        let volume = spec.volume();
        // Asked for in one tick, so that a plan over many volumes lists their pool once.
        let (found, done, partial, protected) = try_join4(
            self.reads().volume(pool, name),
            self.holds_source(spec),
            self.is_partial(spec),
            self.is_protected(&volume),
        )
        .await?;
        let Some(row) = found else { return Ok(Seen::Missing) };
        let found: Volume = xml::read("a volume", &row.xml)?;
        let mut drift = Drift::default();
        match self.see_content(spec, done, partial, &mut drift).await? {
            ContentSeen::Strange(why) => return Ok(Seen::Blocked(why)),
            ContentSeen::Incomplete => {
                return Ok(Seen::There {
                    drift,
                    grow: None,
                    refill: true,
                    sweep: false,
                    protect: None,
                });
            }
            ContentSeen::Whole => {}
        }
        if let Err(why) = self.compare_shape(spec, &found).await? {
            return Ok(Seen::Blocked(why));
        }
        let grow = match compare_capacity(spec, &found, &mut drift) {
            Ok(grow) => grow,
            Err(why) => return Ok(Seen::Blocked(why)),
        };
        if partial {
            drift.differs("upload marker", "left over", "none", ChangeEffect::Live);
        }
        drift.field("protect", Some(&protected), Some(&spec.custody.protect), ChangeEffect::Live);
        let protect = (protected != spec.custody.protect).then_some(spec.custody.protect);
        Ok(Seen::There { drift, grow, refill: false, sweep: partial, protect })
    }

    /// Whether a volume with a source holds all of it.
    async fn see_content(
        &self,
        spec: &VolumeSpec,
        done: bool,
        partial: bool,
        drift: &mut Drift,
    ) -> Result<ContentSeen, LibvirtError> {
        let Some(wanted) = Fingerprint::wanted(spec) else { return Ok(ContentSeen::Whole) };
        if done {
            return Ok(ContentSeen::Whole);
        }
        if partial {
            drift.differs("content", "incomplete", wanted.as_str(), ChangeEffect::Live);
            return Ok(ContentSeen::Incomplete);
        }
        let names = self.volume_names(spec.pool.as_str()).await?;
        let other = names.iter().find(|it| marker::is_done_of(it, spec.name.as_str()));
        Ok(match other {
            Some(_) => ContentSeen::Strange(format!(
                "volume `{}` was filled from another image, and filling it again would lose what \
                 is on it: delete it first, or use another name",
                spec.volume()
            )),
            None if spec.custody.adopt => ContentSeen::Whole,
            None => ContentSeen::Strange(format!(
                "volume `{}` exists and was not filled by this site: use another name, or say \
                 `adopt` to take its content as it is",
                spec.volume()
            )),
        })
    }

    /// Format and backing, which cannot change without losing data.
    async fn compare_shape(
        &self,
        spec: &VolumeSpec,
        found: &Volume,
    ) -> Result<Result<(), String>, LibvirtError> {
        let target = found.target.as_ref();
        let format = target.and_then(|it| it.format.as_ref()).map(|it| it.kind.as_str());
        let (wanted, volume) = (spec.format.to_string(), spec.volume());
        // An ISO image is a raw volume whose content libvirt recognises.
        if format.is_some_and(|it| it != wanted && (wanted != "raw" || it != "iso")) {
            return Ok(Err(format!(
                "volume `{volume}` is {}, and making it {wanted} would lose what is on it: delete \
                 it first, or use another name",
                format.unwrap_or_default()
            )));
        }
        let Some(wanted) = &spec.backing else { return Ok(Ok(())) };
        let path = self.path_of(&wanted.source).await?;
        let found = found.backing.as_ref().and_then(|it| it.path.as_deref());
        if found == Some(path.as_str()) {
            return Ok(Ok(()));
        }
        Ok(Err(format!(
            "volume `{volume}` builds upon {}, and building it upon {path} would lose what is on \
             it: delete it first, or use another name",
            found.unwrap_or("nothing")
        )))
    }

    /// Whether the marker is there that says a volume holds all of its source.
    async fn holds_source(&self, spec: &VolumeSpec) -> Result<bool, LibvirtError> {
        let Some(wanted) = Fingerprint::wanted(spec) else { return Ok(true) };
        let marker = marker::done(spec.name.as_str(), &wanted);
        Ok(self.reads().volume(spec.pool.as_str(), &marker).await?.is_some())
    }

    /// Whether the marker is there of a filling that has begun.
    async fn is_partial(&self, spec: &VolumeSpec) -> Result<bool, LibvirtError> {
        if spec.source.is_none() {
            return Ok(false);
        }
        let marker = marker::partial(spec.name.as_str());
        Ok(self.reads().volume(spec.pool.as_str(), &marker).await?.is_some())
    }

    pub(super) async fn is_protected(&self, volume: &VolumeRef) -> Result<bool, LibvirtError> {
        let marker = marker::protected(volume.name.as_str());
        Ok(self.reads().volume(volume.pool.as_str(), &marker).await?.is_some())
    }
}

/// What a volume's content turned out to be.
enum ContentSeen {
    Whole,
    Incomplete,
    Strange(String),
}

/// A larger capacity is a change, a smaller one would cut data off.
fn compare_capacity(
    spec: &VolumeSpec,
    found: &Volume,
    drift: &mut Drift,
) -> Result<Option<u64>, String> {
    let (Some(wanted), Some(found)) = (spec.capacity, found.capacity.in_bytes(1)) else {
        return Ok(None);
    };
    let bytes = wanted.as_bytes();
    if found > bytes {
        return Err(format!(
            "volume `{}` has {}, and shrinking it to {wanted} would lose what is beyond: raise the \
             capacity, or delete it first",
            spec.volume(),
            ByteSize::bytes(found)
        ));
    }
    if found == bytes {
        return Ok(None);
    }
    drift.differs("capacity", ByteSize::bytes(found), wanted, ChangeEffect::Live);
    Ok(Some(bytes))
}
