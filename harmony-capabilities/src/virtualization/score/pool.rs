use super::{Outline, POOL, interpret_of, score_of, value};
use crate::virtualization::{PoolSpec, StoragePools};
use harmony_phases::{Claim, Describe, Interpret, Score};
use harmony_types::ObjectName;
use serde_json::Value;

score_of! {
    /// There is a storage pool as the spec says, and its volumes can be used.
    ///
    /// It claims its name and its folder.
    StoragePoolScore of PoolSpec
}

impl<T: StoragePools> Score<T> for StoragePoolScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

interpret_of! {
    StoragePoolScore on StoragePools:
    examine_pool, ensure_pool, examine_pool_removal, remove_pool by name
}

fn name(spec: &PoolSpec) -> ObjectName {
    spec.name.clone()
}

fn outline(spec: &PoolSpec) -> Outline {
    Outline::default().fact(format!("folder {}", spec.path))
}

impl Describe for StoragePoolScore {
    fn name(&self) -> String {
        format!("pool {}", self.spec.name)
    }

    fn claims(&self) -> Vec<Claim> {
        let spec = self.spec();
        vec![Claim::object(POOL, spec.name.as_str()), Claim::object("folder", spec.path.as_str())]
    }
}
