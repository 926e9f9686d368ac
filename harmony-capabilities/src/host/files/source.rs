use std::{collections::BTreeMap, sync::Arc};

use harmony_phases::{Context, SecretRef, secret::SecretError};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Content;
use crate::spec::SpecErrorKind;

/// Where the content of a file comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FileSource {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A secret, of which plans say only that it differs.
    Secret(SecretRef),
    /// A template.
    Template(Template),
    /// This text.
    Text(String),
}

/// A text with places for variables, in the language of Jinja2; every variable that it names has to be given, and a
/// line that holds nothing but a tag leaves no line.
///
/// ```
/// use harmony_capabilities::host::Template;
/// let greeting = Template::new("{% for host in hosts %}{{ host }} is up\n{% endfor %}")
///     .variable("hosts", vec!["h1", "h2"]);
/// assert_eq!(greeting.render()?, "h1 is up\nh2 is up\n");
/// # Ok::<(), harmony_capabilities::host::SpecErrorKind>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The text.
    pub text: String,
    /// The variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Value>,
}

impl Template {
    /// A text with places for variables.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), variables: BTreeMap::new() }
    }

    /// Gives a variable its value: a text, a number, a list, … .
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The text with its variables in place. Nothing is escaped: the template knows the language of its file.
    ///
    /// # Errors
    /// When it is no template, or names a variable that is not given.
    pub fn render(&self) -> Result<String, SpecErrorKind> {
        self.fill().map_err(|error| SpecErrorKind::Template { why: error.to_string() })
    }

    fn fill(&self) -> Result<String, minijinja::Error> {
        let mut syntax = SyntaxConfig::builder();
        syntax.keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true);
        let mut jinja = Environment::new();
        jinja.set_syntax(syntax.build()?);
        jinja.set_undefined_behavior(UndefinedBehavior::Strict);
        jinja.set_auto_escape_callback(|_| AutoEscape::None);
        jinja.render_named_str("the template", &self.text, Serde(&self.variables))
    }
}

impl FileSource {
    /// Whether its content must not be shown.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }

    pub(super) fn check(&self) -> Result<(), SpecErrorKind> {
        match self {
            Self::Template(template) => template.render().map(drop),
            Self::Bytes(_) | Self::Secret(_) | Self::Text(_) => Ok(()),
        }
    }

    /// The bytes that the file shall have.
    pub(super) async fn resolve(&self, ctx: &Context) -> Result<Content, SecretError> {
        let bytes: Vec<u8> = match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Secret(reference) => {
                return Ok(Content::Secret(Arc::new(ctx.secret(reference).await?)));
            }
            // It rendered when it was checked, and rendering it again gives the same.
            Self::Template(template) => template.render().unwrap_or_default().into_bytes(),
            Self::Text(text) => text.clone().into_bytes(),
        };
        Ok(Content::Bytes(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_keeps_its_text_as_it_is() {
        let hostile = Template::new("a = \"{{ v }}\"\n\n").variable("v", "<&'$(reboot)`\n{{ v }}");
        assert_eq!(hostile.render().unwrap(), "a = \"<&'$(reboot)`\n{{ v }}\"\n\n");
    }

    #[test]
    fn a_variable_that_is_not_given_is_named_with_its_line() {
        let why = |text: &str| Template::new(text).render().unwrap_err().to_string();
        assert!(why("x\n{{ nobody }}").contains("undefined value"), "{}", why("x\n{{ nobody }}"));
        assert!(why("x\n{{ nobody }}").contains("the template:2"), "{}", why("x\n{{ nobody }}"));
        assert!(why("{% if %}").contains("syntax error"));
    }
}
