//! A machine's cloud-init seed: a small ISO image in a volume of its own.

use harmony_capabilities::virtualization::{CloudInit, VmSpec, VolumeRef};
use harmony_phases::Context;
use harmony_phases::ownership::Mark;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::storage::{Content, Fingerprint};
use super::super::xml::Domain;
use crate::cloud_init::{render_seed, seed_digest, write_seed_iso};

/// What a look at a seed came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SeedSeen {
    /// The machine wants none.
    NotWanted,
    /// It holds what the spec says.
    Current,
    /// It has to be written: it is missing, cut off, or says something else.
    Stale,
    /// It must not be written there.
    Blocked(String),
}

impl Libvirt {
    pub(super) async fn see_seed(
        &self,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<SeedSeen, LibvirtError> {
        let Some((seed, volume)) = wanted(spec) else { return Ok(SeedSeen::NotWanted) };
        let pool = volume.pool.as_str();
        let Some(known) = self.known_pool(&mark.site, pool).await?.filter(|it| it.active) else {
            return Ok(SeedSeen::Stale);
        };
        if !known.ours && !spec.custody.adopt {
            return Ok(SeedSeen::Blocked(format!(
                "the seed of `{}` would lie in pool `{pool}`, which was not made by this site: use \
                 a pool of your own, or say `adopt`",
                spec.name
            )));
        }
        let digest = Fingerprint::of(Some(&seed_digest(&spec.name, seed)));
        let whole = self.is_filled(&volume, &digest).await?;
        Ok(if whole { SeedSeen::Current } else { SeedSeen::Stale })
    }

    pub(super) async fn write_seed(
        &self,
        ctx: &Context,
        spec: &VmSpec,
    ) -> Result<(), LibvirtError> {
        let Some((seed, volume)) = wanted(spec) else { return Ok(()) };
        let failed = |error: &dyn std::fmt::Display| {
            let what = format!("write the cloud-init seed of {}", spec.name);
            let uri = self.connection().place();
            LibvirtError::new(LibvirtErrorKind::Invalid, what, uri, error.to_string())
        };
        let files = render_seed(ctx, &spec.name, seed).await.map_err(|error| failed(&error))?;
        let image = write_seed_iso(&files).map_err(|error| failed(&error))?;
        let digest = Fingerprint::of(Some(&seed_digest(&spec.name, seed)));
        self.refill(ctx, &volume, Content::Bytes(image), digest).await
    }

    /// Deletes the seeds that a machine's definition names, where they lie in a pool of ours,
    /// except the one in use.
    pub(super) async fn remove_seeds(
        &self,
        ctx: &Context,
        mark: &Mark,
        found: &Domain,
        in_use: Option<&VolumeRef>,
    ) -> Result<(), LibvirtError> {
        let files = found.devices.disks.iter().filter(|it| it.device == "cdrom");
        let files = files.filter_map(|it| it.source.as_ref()?.file.as_deref());
        for file in files {
            if file.rsplit('/').next().is_some_and(|name| is_seed_of(name, &found.name))
                && let Some(volume) = self.volume_at(file).await?
                && in_use != Some(&volume)
            {
                let outcome = self.take_volume_away(ctx, mark, &volume).await?;
                log::debug!("{}", outcome.message);
            }
        }
        Ok(())
    }
}

/// Whether a volume is called as the seeds of this machine are, whatever is in it.
fn is_seed_of(volume: &str, machine: &str) -> bool {
    let rest = volume.strip_prefix(machine).and_then(|rest| rest.strip_prefix("-seed-"));
    rest.and_then(|rest| rest.strip_suffix(".iso")).is_some_and(|digest| {
        digest.len() == 12 && digest.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

fn wanted(spec: &VmSpec) -> Option<(&CloudInit, VolumeRef)> {
    Some((spec.cloud_init.as_ref()?, spec.seed_volume()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_seeds_of_its_own() {
        let seed = CloudInit::builder().pool("images").build().unwrap();
        let spec = VmSpec::builder().name("web").vcpus(1).memory("1 GiB").cloud_init(seed);
        let spec = spec.build().unwrap();
        let volume = spec.seed_volume().unwrap();
        assert!(is_seed_of(volume.name.as_str(), "web"));
        assert!(!is_seed_of(volume.name.as_str(), "we"));
        assert!(!is_seed_of("web-seed-of-apples.iso", "web"));
    }
}
