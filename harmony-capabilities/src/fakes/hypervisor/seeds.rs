//! The seeds of cloud-init: small volumes that come and go with their machine.
use super::simulated::SimulatedHypervisor;
use crate::virtualization::{VirtualizationError, VmSpec, VolumeFormat, VolumeRef, VolumeSpec};
use harmony_phases::{Context, ValidationReport, ownership::Mark};
use harmony_types::{ByteSize, ObjectName};

/// The seed of a machine as any other volume.
fn seed(spec: &VmSpec) -> Option<VolumeSpec> {
    let VolumeRef { pool, name } = spec.seed_volume()?;
    let seed = VolumeSpec::builder().pool(pool).name(name).format(VolumeFormat::Raw);
    seed.capacity(ByteSize::mib(1)).adopt(spec.custody.adopt).build().ok()
}

/// Whether a volume is a seed of this machine, of whatever content.
fn is_seed_of(machine: &ObjectName, volume: &VolumeRef) -> bool {
    let rest = volume.name.as_str().strip_prefix(machine.as_str());
    let digest = rest.and_then(|rest| rest.strip_prefix("-seed-")?.strip_suffix(".iso"));
    digest.is_some_and(|digest| digest.len() == 12 && digest.chars().all(|c| c.is_ascii_hexdigit()))
}

impl SimulatedHypervisor {
    /// A machine's report, with what its seed adds to it.
    pub(super) async fn with_seed(
        &self,
        mark: &Mark,
        spec: &VmSpec,
        report: ValidationReport,
    ) -> Result<ValidationReport, VirtualizationError> {
        let Some(seed) = seed(spec).filter(|_| report.is_already_applied()) else {
            return Ok(report);
        };
        let of_seed = self.see_volume(mark, &seed).await?.report();
        Ok(if of_seed.is_already_applied() {
            report
        } else {
            ValidationReport::will_update().note("the seed of cloud-init is not there")
        })
    }

    /// Writes the seed of a machine where it is not there; says whether it did.
    pub(super) async fn bring_seed(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<bool, VirtualizationError> {
        match seed(spec) {
            Some(seed) => Ok(self.bring_volume(ctx, mark, &seed).await?.changed()),
            None => Ok(false),
        }
    }

    /// Deletes every seed of a machine; says whether there was one.
    pub(super) async fn delete_seeds(
        &self,
        ctx: &Context,
        machine: &ObjectName,
    ) -> Result<bool, VirtualizationError> {
        let what = format!("list seeds of machine `{machine}`");
        let seeds = self.look(&what, |world| {
            let seeds = world.volumes.keys().filter(|volume| is_seed_of(machine, volume));
            seeds.cloned().collect::<Vec<_>>()
        });
        let seeds = seeds.await?;
        for seed in &seeds {
            self.delete_volume(ctx, seed).await?;
        }
        Ok(!seeds.is_empty())
    }
}
