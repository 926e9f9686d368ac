//! The serialised form of specs and scores: the fields beside the version of their schema.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error};
use serde_json::Value;

const VERSION: &str = "schema";

#[derive(Serialize)]
struct Versioned<'a, F> {
    schema: u32,
    #[serde(flatten)]
    fields: &'a F,
}

/// Writes the fields of a spec or score with the version of their schema.
pub(crate) fn write<F: Serialize, S: Serializer>(
    schema: u32,
    fields: &F,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Versioned { schema, fields }.serialize(serializer)
}

/// Reads the fields of a spec or score, after its version, so that a newer one is refused for being newer.
pub(crate) fn read<'de, F: DeserializeOwned, D: Deserializer<'de>>(
    schema: u32,
    what: &str,
    deserializer: D,
) -> Result<F, D::Error> {
    let mut fields = serde_json::Map::<String, Value>::deserialize(deserializer)?;
    let found = fields.remove(VERSION).ok_or_else(|| {
        Error::custom(format_args!(
            "{what}: the field `schema` is missing; this program writes `schema: {schema}`"
        ))
    })?;
    if found != schema {
        return Err(Error::custom(format_args!(
            "{what}: schema version {found} is not known; this program reads version {schema}: \
             use the version of Harmony that wrote it, or newer"
        )));
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| Error::custom(format_args!("{what}: {error}")))
}
