//! The objects that a simulated API server has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::kubernetes::{KubernetesError, KubernetesErrorKind, Manifest, ObjectRef};

#[derive(Debug, Default)]
pub(super) struct Objects {
    stored: BTreeMap<ObjectRef, Value>,
    written: u64,
}

impl Objects {
    pub(super) fn get(&self, object: &ObjectRef) -> Option<Value> {
        self.stored.get(object).cloned()
    }

    /// What the object would be with the manifest's fields, whoever has the others.
    pub(super) fn merged(&self, manifest: &Manifest) -> Result<Value, KubernetesError> {
        self.has_namespace(manifest.object())?;
        let mut object = self.stored.get(manifest.object()).cloned().unwrap_or_else(|| json!({}));
        merge(&mut object, manifest.fields());
        Ok(object)
    }

    /// Stores the object; says whether that made it (`true`) or changed it, and nothing where it was so already.
    pub(super) fn store(&mut self, object: &ObjectRef, mut fields: Value) -> (Value, Option<bool>) {
        let before = self.stored.get(object);
        if before == Some(&fields) {
            return (fields, None);
        }
        let made = before.is_none();
        self.written += 1;
        fields["metadata"]["resourceVersion"] = self.written.to_string().into();
        if made {
            fields["metadata"]["uid"] = format!("uid-{}", self.written).into();
        }
        self.stored.insert(object.clone(), fields.clone());
        (fields, Some(made))
    }

    /// Removes the object, and what is in it where it is a namespace; says whether it was there.
    pub(super) fn remove(&mut self, object: &ObjectRef) -> bool {
        if object.kind() == "Namespace" {
            self.stored.retain(|other, _| other.namespace() != Some(object.name()));
        }
        self.stored.remove(object).is_some()
    }

    pub(super) fn clear(&mut self) {
        self.stored.clear();
    }

    fn has_namespace(&self, object: &ObjectRef) -> Result<(), KubernetesError> {
        let Some(namespace) = object.namespace() else { return Ok(()) };
        let made = |other: &ObjectRef| other.kind() == "Namespace" && other.name() == namespace;
        if namespace == "default" || self.stored.keys().any(made) {
            return Ok(());
        }
        let what = format!("put {object}: there is no namespace `{namespace}`");
        Err(KubernetesError::new(KubernetesErrorKind::Failed, what)
            .remedy("apply the namespace first"))
    }
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}
