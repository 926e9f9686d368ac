use super::{VOLUME, interpret_of, score_of};
use crate::virtualization::{StoragePools, VolumeRef, VolumeSpec};
use harmony_phases::{Claim, Describe};

score_of! {
    /// There is a volume as the spec says, with all of its content.
    ///
    /// It claims its name in its pool.
    VolumeScore of VolumeSpec on StoragePools
}

interpret_of! {
    VolumeScore on StoragePools:
    examine_volume, ensure_volume, examine_volume_removal, remove_volume by volume
}

fn volume(spec: &VolumeSpec) -> VolumeRef {
    spec.volume()
}

impl Describe for VolumeScore {
    fn name(&self) -> String {
        format!("volume {}", self.spec.volume())
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(VOLUME, self.spec.volume().to_string())]
    }
}
