//! An object as its score compares it.

use std::fmt;

use serde_json::Value;

use super::{ObjectRef, mark};
use crate::keeping::{Difference, Item};

/// An object without its mark and without what only the server writes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    object: ObjectRef,
    fields: Value,
}

impl Resource {
    pub(super) fn new(object: ObjectRef, mut fields: Value) -> Self {
        mark::strip(&mut fields);
        if let Some(fields) = fields.as_object_mut() {
            fields.remove("status");
        }
        if let Some(metadata) = fields["metadata"].as_object_mut() {
            for written_by_server in
                ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"]
            {
                metadata.remove(written_by_server);
            }
        }
        Self { object, fields }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.fmt(f)
    }
}

impl Item for Resource {
    const KIND: &'static str = "object";

    fn key(&self) -> String {
        self.object.to_string()
    }

    fn same(&self, other: &Self) -> bool {
        self.object == other.object
    }

    fn differences(&self, found: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        compare("", &found.fields, &self.fields, &mut differences);
        differences
    }
}

/// Collects every leaf that differs, with its path.
fn compare(path: &str, found: &Value, wanted: &Value, differences: &mut Vec<Difference>) {
    let inner = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    match (found, wanted) {
        (Value::Object(there), Value::Object(here)) => {
            let only_there = there.keys().filter(|key| !here.contains_key(*key));
            for key in here.keys().chain(only_there) {
                compare(&inner(key), &found[key], &wanted[key], differences);
            }
        }
        (Value::Array(there), Value::Array(here)) if there.len() == here.len() => {
            for (index, (found, wanted)) in there.iter().zip(here).enumerate() {
                compare(&format!("{path}[{index}]"), found, wanted, differences);
            }
        }
        _ if found == wanted => {}
        _ => differences.push(Difference {
            field: path.to_owned(),
            found: spell(found),
            wanted: spell(wanted),
        }),
    }
}

fn spell(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(data: Value) -> Resource {
        let object = ObjectRef::new("v1", "ConfigMap", "motd").unwrap();
        Resource::new(object, json!({ "metadata": { "name": "motd", "uid": "1" }, "data": data }))
    }

    #[test]
    fn a_difference_is_named_by_its_path() {
        let differences = config(json!({ "text": "b", "list": [1, { "x": 2 }] }))
            .differences(&config(json!({ "text": "a", "list": [1, { "x": 1 }] })));
        let seen: Vec<_> = differences
            .iter()
            .map(|d| (d.field.as_str(), d.found.as_str(), d.wanted.as_str()))
            .collect();
        assert_eq!(seen, [("data.list[1].x", "1", "2"), ("data.text", "a", "b")]);
    }
}
