use std::fmt;

use harmony_types::{ParseError, ParseErrorKind};

/// Which object: its API version, kind, namespace where it has one, and name.
///
/// ```
/// use harmony_capabilities::kubernetes::ObjectRef;
/// let web = ObjectRef::new("apps/v1", "Deployment", "web")?.in_namespace("shop")?;
/// assert_eq!(web.to_string(), "apps/v1 Deployment shop/web");
/// assert!(ObjectRef::new("v1", "Namespace", "../x").is_err());
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

impl ObjectRef {
    /// An object that has no namespace.
    ///
    /// # Errors
    /// When a part could not be one segment of the API server's paths.
    pub fn new(api_version: &str, kind: &str, name: &str) -> Result<Self, ParseError> {
        check_version(api_version).map_err(|e| ParseError::new("API version", api_version, e))?;
        check_kind(kind).map_err(|e| ParseError::new("kind", kind, e))?;
        check_name(name).map_err(|e| ParseError::new("object name", name, e))?;
        let (api_version, kind, name) = (api_version.into(), kind.into(), name.into());
        Ok(Self { api_version, kind, namespace: None, name })
    }

    /// The same object in a namespace.
    ///
    /// # Errors
    /// When the namespace is not a lower-case DNS label.
    pub fn in_namespace(mut self, namespace: &str) -> Result<Self, ParseError> {
        let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        check_text(namespace, 63, label, "lower-case letters, digits and hyphens")
            .and_then(|()| no_outer_hyphen(namespace))
            .map_err(|kind| ParseError::new("namespace", namespace, kind))?;
        self.namespace = Some(namespace.to_owned());
        Ok(self)
    }

    /// The API version, e.g. `apps/v1`.
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// The kind, e.g. `Deployment`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, where it has one.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn check_text(
    text: &str,
    most: usize,
    allow: impl Fn(char) -> bool,
    allowed: &'static str,
) -> Result<(), ParseErrorKind> {
    if text.is_empty() {
        return Err(ParseErrorKind::Empty);
    }
    if let Some((at, found)) = text.chars().enumerate().find(|(_, c)| !allow(*c)) {
        return Err(ParseErrorKind::ForbiddenCharacter { found, at: at + 1, allowed });
    }
    if text.len() > most {
        return Err(ParseErrorKind::TooLong { found: text.len(), most, unit: "characters" });
    }
    Ok(())
}

fn no_outer_hyphen(text: &str) -> Result<(), ParseErrorKind> {
    if text.starts_with('-') || text.ends_with('-') {
        return Err(ParseErrorKind::Rule("it neither begins nor ends with a hyphen"));
    }
    Ok(())
}

fn check_version(text: &str) -> Result<(), ParseErrorKind> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-./".contains(c);
    check_text(text, 253, allowed, "lower-case letters, digits and - . /")?;
    let expected = "a version such as `v1`, or a group and a version such as `apps/v1`";
    let parts: Vec<&str> = text.split('/').collect();
    let empty = parts.iter().any(|part| part.is_empty());
    let version = parts.last().is_some_and(|version| version.starts_with('v'));
    if parts.len() > 2 || empty || !version {
        return Err(ParseErrorKind::Malformed { expected });
    }
    Ok(())
}

fn check_kind(text: &str) -> Result<(), ParseErrorKind> {
    check_text(text, 63, |c| c.is_ascii_alphanumeric(), "letters and digits")?;
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return Err(ParseErrorKind::Rule("it begins with a capital letter: `ConfigMap`"));
    }
    Ok(())
}

/// Names of roles may hold colons and capitals; none may leave its segment of a path.
fn check_name(text: &str) -> Result<(), ParseErrorKind> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:@".contains(c);
    check_text(text, 253, allowed, "letters, digits and - . _ : @")?;
    if matches!(text, "." | "..") {
        return Err(ParseErrorKind::Rule("`.` and `..` have a meaning in paths"));
    }
    Ok(())
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.api_version, self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal =
            |version, kind, name| ObjectRef::new(version, kind, name).unwrap_err().to_string();
        assert!(refusal("", "Pod", "a").contains("invalid API version ``: it must not be empty"));
        assert!(refusal("apps", "Pod", "a").contains("such as `apps/v1`"));
        assert!(refusal("a/b/v1", "Pod", "a").contains("such as `apps/v1`"));
        assert!(refusal("v1", "pod", "a").contains("capital"));
        assert!(refusal("v1", "Po-d", "a").contains("'-' at position 3"));
        assert!(refusal("v1", "Pod", "a/b").contains("'/' at position 2"));
        assert!(refusal("v1", "Pod", "..").contains("paths"));
        let pod = ObjectRef::new("v1", "Pod", "a").unwrap();
        let refusal = pod.in_namespace("-shop").unwrap_err().to_string();
        assert!(refusal.contains("hyphen"), "{refusal}");
    }
}
