use harmony_phases::{
    Claim, Describe, Interpret, Score, SecretRef, Sensitivity, ownership::Custody,
};
use harmony_types::HostPath;
use serde::{Deserialize, Serialize};

use super::{FileSource, FileStore, Ownership, Permissions, Template};
use crate::{
    host::upkeep::{Worker, value},
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a file to have this content and these attributes: its [fields](FileFields), checked.
    ///
    /// It claims its path. A plan shows what differs line by line, as long as everybody on the host may read both the
    /// file that is there and the one that is wanted; a secret is never shown.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::{FileScore, Template};
    /// use harmony_phases::Describe;
    /// let site = FileScore::builder()
    ///     .path("/etc/nginx/sites-enabled/shop")
    ///     .template(Template::new("listen {{ port }};\n").variable("port", 8080))
    ///     .mode("0644")
    ///     .owner("root:root")
    ///     .check(["nginx", "-t"])
    ///     .build()?;
    /// assert_eq!(site.name(), "file /etc/nginx/sites-enabled/shop");
    ///
    /// let token = FileScore::builder().path("/etc/shop/token").secret("env:SHOP_TOKEN").build()?;
    /// assert_eq!(token.wanted_mode().unwrap().to_string(), "0600");
    ///
    /// let nothing = FileScore::builder().path("/etc/shop/token").build().unwrap_err();
    /// assert!(nothing.to_string().starts_with("file `/etc/shop/token`: content"));
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    FileScore of FileFields, called "file", schema 1
}

/// The fields of a [`FileScore`]; attributes that are not set are neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileFields {
    /// Where it is.
    pub path: HostPath,
    /// What is in it.
    pub content: FileSource,
    /// Who may do what with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Permissions>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Ownership>,
    /// A command that has to succeed before a changed file is swapped in; `{}` stands for where the new content is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Vec<String>>,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

const WHAT: &str = "file";

/// Files, and folders of files, that decide who may log in or become root.
const ADMITS: [&str; 8] = [
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/sudoers",
    "/etc/sudoers.d",
];

impl FileFields {
    /// The permissions that it shall have: a secret is its owner's alone unless something else is said.
    pub fn wanted_mode(&self) -> Option<Permissions> {
        let private = Permissions::from_bits(0o600);
        self.mode.or_else(|| self.content.is_secret().then_some(private))
    }

    fn label(&self) -> &HostPath {
        &self.path
    }

    fn check(&self) -> Result<(), Complaint> {
        self.content.check().map_err(|kind| ("content".to_owned(), kind))?;
        let named = |words: &Vec<String>| words.first().is_some_and(|program| !program.is_empty());
        if self.check.as_ref().is_some_and(|words| !named(words)) {
            return Err(("check".to_owned(), SpecErrorKind::Rule("it begins with a program")));
        }
        Ok(())
    }
}

#[bon::bon]
impl FileScore {
    /// Describes a file; its path and its content are required.
    ///
    /// # Errors
    /// When a text cannot be read, a rule is broken, or not exactly one content is given; the error names the field.
    #[builder]
    pub fn new(
        #[builder(field)] contents: Vec<Text<FileSource>>,
        /// Where it is.
        #[builder(into)]
        path: Text<HostPath>,
        /// Who may do what with it, in octal.
        #[builder(into)]
        mode: Option<Text<Permissions>>,
        /// Whose it is: `user:group`.
        #[builder(into)]
        owner: Option<Text<Ownership>>,
        /// A command that has to succeed before a changed file is swapped in; `{}` stands for where the new content is.
        #[builder(with = |words: impl IntoIterator<Item = impl Into<String>>| words.into_iter().map(Into::into).collect())]
        check: Option<Vec<String>>,
        /// Whether one that exists without this site's mark, and differs, is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let path = path.of(WHAT, "path")?;
        let what = format!("{WHAT} `{path}`");
        let mut contents = contents.into_iter();
        let (Some(content), None) = (contents.next(), contents.next()) else {
            let rule = "say exactly one of `text`, `bytes`, `template` and `secret`";
            return Err(SpecError::new(what, "content", SpecErrorKind::Rule(rule)));
        };
        Self::try_from(FileFields {
            content: content.of(&what, "content")?,
            mode: mode.map(|mode| mode.of(&what, "mode")).transpose()?,
            owner: owner.map(|owner| owner.of(&what, "owner")).transpose()?,
            check,
            custody: Custody { adopt, protect },
            path,
        })
    }
}

impl<S: file_score_builder::State> FileScoreBuilder<S> {
    /// Its content is this text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.content(FileSource::Text(text.into()))
    }

    /// Its content is these bytes.
    pub fn bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.content(FileSource::Bytes(bytes.into()))
    }

    /// Its content is this template with its variables in place.
    pub fn template(self, template: Template) -> Self {
        self.content(FileSource::Template(template))
    }

    /// Its content is a secret, of which plans say only that it differs.
    pub fn secret(mut self, secret: impl Into<Text<SecretRef>>) -> Self {
        self.contents.push(secret.into().map(FileSource::Secret));
        self
    }

    /// Its content comes from here.
    pub fn content(mut self, content: FileSource) -> Self {
        self.contents.push(content.into());
        self
    }
}

impl<T: FileStore> Score<T> for FileScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for FileScore {
    fn name(&self) -> String {
        format!("file {}", self.path)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![super::claim(&self.path)]
    }

    /// Who gets a file wrong that decides who may log in, or become root, may have locked everybody out.
    fn sensitivity(&self) -> Sensitivity {
        let admits = ADMITS.iter().any(|place| self.path.as_path().starts_with(place));
        if admits || self.path.as_path().ends_with(".ssh/authorized_keys") {
            Sensitivity::Disruptive
        } else {
            Sensitivity::Routine
        }
    }
}
