use crate::spec::{Complaint, SpecError, SpecErrorKind, Text};
use harmony_phases::SecretRef;
use harmony_types::{Hostname, ObjectName};
use serde::{Deserialize, Serialize};

/// What a guest with cloud-init is told at its first boot, on a small cdrom of its own (the NoCloud
/// seed).
///
/// # Examples
/// ```
/// use harmony_capabilities::virtualization::{CloudInit, CloudUser};
///
/// let seed = CloudInit::builder()
///     .pool("images")
///     .hostname("web")
///     .user(CloudUser::new("ops").key("ssh-ed25519 AAAAC3Nz ops@example").sudo())
///     .build()?;
/// assert_eq!(seed.users.len(), 1);
/// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudInit {
    /// The pool that holds the seed.
    pub pool: ObjectName,
    /// What makes cloud-init run again when it changes; the machine's name if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<ObjectName>,
    /// The guest's name; the machine's own if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Hostname>,
    /// Who may log in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<CloudUser>,
    /// The whole of `user-data`, instead of `users`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    /// The whole of `network-config`; the guest asks DHCP if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_config: Option<String>,
}

/// Somebody who may log in to a guest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudUser {
    /// The login name.
    pub name: String,
    /// The public SSH keys, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Whether the user may become root without a password.
    #[serde(default)]
    pub sudo: bool,
    /// Where the password is, for a login at the console; none if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretRef>,
}

impl CloudUser {
    /// Lets somebody log in by this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), keys: Vec::new(), sudo: false, password: None }
    }

    /// With this public SSH key, one line.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// With the password that this refers to, for a login at the console.
    #[must_use]
    pub fn password(mut self, password: SecretRef) -> Self {
        self.password = Some(password);
        self
    }

    /// May become root without a password.
    #[must_use]
    pub const fn sudo(mut self) -> Self {
        self.sudo = true;
        self
    }
}

#[bon::bon]
impl CloudInit {
    /// Describes what the guest is told.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field and the rule.
    #[builder]
    pub fn new(
        #[builder(field)] users: Vec<CloudUser>,
        /// The pool that holds the seed.
        #[builder(into)]
        pool: Text<ObjectName>,
        /// What makes cloud-init run again when it changes.
        #[builder(into)]
        instance_id: Option<Text<ObjectName>>,
        /// The guest's name.
        #[builder(into)]
        hostname: Option<Text<Hostname>>,
        /// The whole of `user-data`, instead of users.
        #[builder(into)]
        user_data: Option<String>,
        /// The whole of `network-config`.
        #[builder(into)]
        network_config: Option<String>,
    ) -> Result<Self, SpecError> {
        const WHAT: &str = "cloud_init";
        let seed = Self {
            pool: pool.of(WHAT, "pool")?,
            instance_id: instance_id.map(|text| text.of(WHAT, "instance_id")).transpose()?,
            hostname: hostname.map(|text| text.of(WHAT, "hostname")).transpose()?,
            users,
            user_data,
            network_config,
        };
        seed.check().map_err(|(field, kind)| SpecError::new(WHAT, field, kind))?;
        Ok(seed)
    }
}

impl<S: cloud_init_builder::State> CloudInitBuilder<S> {
    /// Adds somebody who may log in.
    pub fn user(mut self, user: CloudUser) -> Self {
        self.users.push(user);
        self
    }
}

impl CloudInit {
    pub(crate) fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, kind| Err((field.to_owned(), kind));
        if let Some(user_data) = &self.user_data {
            if !self.users.is_empty() {
                let why = "it is the whole of what the guest is told; write the users there";
                return complain("user_data", SpecErrorKind::Excludes { other: "users", why });
            }
            if !["#", "Content-Type:", "MIME-Version:"]
                .iter()
                .any(|start| user_data.starts_with(start))
            {
                let rule = "cloud-init knows its kind by its first line: `#cloud-config`, `#!/bin/sh` or a MIME header";
                return complain("user_data", SpecErrorKind::Rule(rule));
            }
        }
        crate::virtualization::network::all_different(
            "users.name",
            self.users.iter().map(|user| user.name.clone()),
        )?;
        self.users.iter().try_for_each(CloudUser::check)
    }
}

impl CloudUser {
    fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, rule| Err((field.to_owned(), SpecErrorKind::Rule(rule)));
        let first = self.name.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
        let rest = self
            .name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c));
        if !first || !rest || self.name.len() > 32 {
            let rule = "a login name has 1 to 32 lower-case letters, digits, `_` and `-`, and begins with a letter or `_`";
            return complain("users.name", rule);
        }
        let one_key =
            |key: &String| !key.contains(char::is_control) && key.split_whitespace().count() >= 2;
        if !self.keys.iter().all(one_key) {
            return complain(
                "users.keys",
                "a public key is one line: its kind, its text and perhaps a comment",
            );
        }
        Ok(())
    }
}
