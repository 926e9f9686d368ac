use std::fmt;

use harmony_types::{ParseError, ParseErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ObjectRef;

/// The wanted fields of one object, as JSON.
///
/// ```
/// use harmony_capabilities::kubernetes::Manifest;
/// use serde_json::json;
/// let shop = Manifest::new(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }))?;
/// assert_eq!(shop.object().to_string(), "v1 Namespace shop");
///
/// let refusal = Manifest::new(json!({ "kind": "Namespace" })).unwrap_err();
/// assert!(refusal.to_string().contains("`apiVersion`"));
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Manifest {
    object: ObjectRef,
    fields: Value,
}

impl Manifest {
    /// Takes a JSON object that says what it is.
    ///
    /// # Errors
    /// When `apiVersion`, `kind` or `metadata.name` is missing or wrong, or when it holds what only a server writes, or
    /// the content of a secret.
    pub fn new(fields: Value) -> Result<Self, ParseError> {
        let shown = || fields["kind"].as_str().unwrap_or_default().to_owned();
        let refuse = |rule| ParseError::new("manifest", &shown(), ParseErrorKind::Rule(rule));
        if !fields.is_object() {
            return Err(refuse("it is a JSON object"));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let version = text(&fields["apiVersion"])
            .ok_or_else(|| refuse("`apiVersion` is a text such as `apps/v1`"))?;
        let kind = text(&fields["kind"]).ok_or_else(|| refuse("`kind` is a text such as `Pod`"))?;
        let metadata = &fields["metadata"];
        let name = text(&metadata["name"]).ok_or_else(|| {
            refuse("`metadata.name` is a text: an object whose name the server makes up cannot be found again")
        })?;
        for written_by_server in ["managedFields", "resourceVersion", "uid"] {
            if metadata.get(written_by_server).is_some() {
                return Err(refuse(
                    "`metadata` holds a field that only the server writes (managedFields, resourceVersion, uid): remove it",
                ));
            }
        }
        if kind == "Secret" && ["data", "stringData"].iter().any(|f| fields.get(f).is_some()) {
            return Err(refuse(
                "a manifest is stored and shown with plans, so it holds no secrets: leave out `data` and `stringData`",
            ));
        }
        let object = ObjectRef::new(&version, &kind, &name)?;
        let object = match metadata.get("namespace") {
            None => object,
            Some(Value::String(namespace)) => object.in_namespace(namespace)?,
            Some(_) => return Err(refuse("`metadata.namespace` is a text")),
        };
        Ok(Self { object, fields })
    }

    /// Which object it is.
    pub const fn object(&self) -> &ObjectRef {
        &self.object
    }

    /// The fields, as JSON.
    pub const fn fields(&self) -> &Value {
        &self.fields
    }

    /// The same fields, some changed that do not say which object it is.
    pub(super) fn map(&self, change: impl FnOnce(&mut Value)) -> Self {
        let mut fields = self.fields.clone();
        change(&mut fields);
        Self { object: self.object.clone(), fields }
    }
}

impl TryFrom<Value> for Manifest {
    type Error = ParseError;

    fn try_from(fields: Value) -> Result<Self, ParseError> {
        Self::new(fields)
    }
}

impl From<Manifest> for Value {
    fn from(manifest: Manifest) -> Self {
        manifest.fields
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |fields| Manifest::new(fields).unwrap_err().to_string();
        let of = |metadata| json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata });
        assert!(refusal(json!([])).contains("JSON object"));
        assert!(refusal(json!({ "apiVersion": "v1" })).contains("`kind`"));
        assert!(refusal(of(json!({ "generateName": "a-" }))).contains("`metadata.name`"));
        assert!(refusal(of(json!({ "name": "a", "uid": "1" }))).contains("only the server writes"));
        assert!(
            refusal(of(json!({ "name": "a", "namespace": 1 }))).contains("`metadata.namespace`")
        );
        assert!(refusal(of(json!({ "name": "a/b" }))).contains("position 2"));
        let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a" }, "data": {} });
        assert!(refusal(secret).contains("holds no secrets"));
    }
}
