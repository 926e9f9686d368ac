//! What networks, pools and machines have in common: a definition, a mark, and whether they are on.
use harmony_phases::{
    ownership::{Custody, Mark},
    score::{ChangeEffect, Detail},
};
use harmony_types::ObjectName;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// The fields of a definition, as a serialised spec spells them.
pub(super) type Fields = Map<String, Value>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Machine,
    Network,
    Pool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    pub(super) fields: Fields,
    pub(super) active: bool,
    pub(super) mark: Option<Mark>,
}

/// What is wanted of a thing.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a ObjectName,
    pub(super) fields: Fields,
    pub(super) mark: &'a Mark,
    pub(super) custody: Custody,
    pub(super) on: bool,
}

impl Thing {
    pub(super) fn foreign(name: &ObjectName) -> Self {
        let fields = [("name".to_owned(), Value::from(name.as_str()))].into_iter().collect();
        Self { fields, active: false, mark: None }
    }

    /// Reads a field of the definition.
    pub(super) fn field<F: serde::de::DeserializeOwned>(&self, field: &str) -> Option<F> {
        serde_json::from_value(self.fields.get(field)?.clone()).ok()
    }
}

impl<'a> Wanted<'a> {
    pub(super) fn new(
        kind: Kind,
        name: &'a ObjectName,
        mark: &'a Mark,
        custody: Custody,
        spec: &impl Serialize,
    ) -> Self {
        let mut fields = match serde_json::to_value(spec) {
            Ok(Value::Object(fields)) => fields,
            _ => Fields::new(), // invariant: every spec serialises as an object
        };
        for not_defined in ["schema", "custody", "power"] {
            fields.remove(not_defined);
        }
        Self { kind, name, fields, mark, custody, on: true }
    }

    /// The same, and whether it is to be on afterwards.
    pub(super) fn on(mut self, on: bool) -> Self {
        self.on = on;
        self
    }

    /// What is set here and different there.
    pub(super) fn differences(&self, found: &Thing) -> Vec<Detail> {
        let differs =
            self.fields.iter().filter(|(field, wanted)| found.fields.get(*field) != Some(wanted));
        let restarts = |field: &str| self.kind == Kind::Machine && field != "autostart";
        differs
            .map(|(field, wanted)| Detail::Change {
                field: field.clone(),
                found: found.fields.get(field).map_or_else(|| "nothing".to_owned(), plain),
                wanted: plain(wanted),
                effect: if restarts(field) {
                    ChangeEffect::AfterRestart
                } else {
                    ChangeEffect::Live
                },
            })
            .collect()
    }
}

/// A value as a person would write it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Machine => "machine",
            Self::Network => "network",
            Self::Pool => "pool",
        })
    }
}
