//! Taking volumes away, from pools of ours only.

use harmony_capabilities::virtualization::VolumeRef;
use harmony_phases::ownership::Mark;
use harmony_phases::score::ValidationReport;
use harmony_phases::{Context, Outcome};

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::marker;

/// Whether a volume may be deleted.
enum Removable {
    Gone,
    Kept(String),
    Yes,
}

impl Libvirt {
    /// Says what taking a volume away would do.
    pub(crate) async fn plan_volume_removal(
        &self,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<ValidationReport, LibvirtError> {
        Ok(match self.removable(mark, volume).await? {
            Removable::Gone => ValidationReport::already_applied(),
            Removable::Kept(why) => ValidationReport::blocked(why),
            Removable::Yes => ValidationReport::will_delete(),
        })
    }

    /// Deletes a volume that lies in a pool of ours; every other one stays.
    pub(crate) async fn take_volume_away(
        &self,
        ctx: &Context,
        mark: &Mark,
        volume: &VolumeRef,
    ) -> Result<Outcome, LibvirtError> {
        match self.removable(mark, volume).await? {
            Removable::Gone => return Ok(Outcome::noop(format!("volume {volume} is not there"))),
            Removable::Kept(why) => return Ok(Outcome::left_in_place(why)),
            Removable::Yes => {}
        }
        let (pool, name) = (volume.pool.as_str(), volume.name.as_str());
        // Its markers go first: left behind they would vouch for the next volume of that name.
        for marker in self.volume_names(pool).await? {
            if marker::is_done_of(&marker, name) || marker == marker::partial(name) {
                self.delete_volume(ctx, pool, &marker).await?;
            }
        }
        self.delete_volume(ctx, pool, name).await?;
        Ok(Outcome::success(format!("volume {volume} deleted")))
    }

    async fn removable(&self, mark: &Mark, volume: &VolumeRef) -> Result<Removable, LibvirtError> {
        let (pool, name) = (volume.pool.as_str(), volume.name.as_str());
        let Some(known) = self.known_pool(&mark.site, pool).await? else {
            return Ok(Removable::Gone);
        };
        if !known.active {
            return Ok(Removable::Kept(format!("pool `{pool}` is not running")));
        }
        if self.reads().volume(pool, name).await?.is_none() {
            return Ok(Removable::Gone);
        }
        if !known.ours {
            return Ok(Removable::Kept(format!(
                "volume `{volume}` lies in a pool that was not made by this site"
            )));
        }
        Ok(if self.is_protected(volume).await? {
            Removable::Kept(format!("volume `{volume}` is protected"))
        } else {
            Removable::Yes
        })
    }
}
