use super::{Outline, VOLUME, interpret_of, score_of, value};
use crate::virtualization::{StoragePools, VolumeRef, VolumeSpec};
use harmony_phases::{Claim, Describe, Interpret, Score};
use serde_json::Value;

score_of! {
    /// There is a volume as the spec says, with all of its content.
    ///
    /// It claims its name in its pool.
    VolumeScore of VolumeSpec
}

impl<T: StoragePools> Score<T> for VolumeScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

interpret_of! {
    VolumeScore on StoragePools:
    examine_volume, ensure_volume, examine_volume_removal, remove_volume by volume
}

fn volume(spec: &VolumeSpec) -> VolumeRef {
    spec.volume()
}

fn outline(spec: &VolumeSpec) -> Outline {
    let image = spec.source.iter().map(|image| format!("from {}", image.location));
    let backing = spec.backing.iter().map(|backing| format!("upon {}", backing.source));
    let capacity = spec.capacity.iter().map(|capacity| format!("capacity {capacity}"));
    let built_upon = spec.backing.iter().map(|backing| format!("{} is there", backing.source));
    Outline::default()
        .fact(format!("format {}", spec.format))
        .facts(capacity.chain(backing).chain(image))
        .needs([format!("pool `{}` is up", spec.pool)])
        .needs(built_upon)
}

impl Describe for VolumeScore {
    fn name(&self) -> String {
        format!("volume {}", self.spec.volume())
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(VOLUME, self.spec.volume().to_string())]
    }
}
