use harmony_phases::{Claim, Describe, Interpret, Score, Sensitivity, ownership::Custody};
use serde::{Deserialize, Serialize};

use super::{PackageManager, PackageName, PackageRole};
use crate::{
    host::upkeep::{Worker, value},
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants packages to be installed, held in a version, or not there: its [fields](PackageFields), checked.
    ///
    /// It claims each package, and each role. A plan says all that would become installed, replaced or removed beside
    /// what was asked for; a removal that nobody asked for is `Blocked`. Packages are shared: one that is there already
    /// satisfies the score, whoever installed it, and a teardown removes only those that carry this site's mark.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::{PackageRole, PackageScore};
    /// use harmony_phases::Describe;
    /// let web = PackageScore::builder()
    ///     .present("nginx")
    ///     .version("postgresql", "15+248")
    ///     .held("postgresql")
    ///     .role(PackageRole::Dnsmasq)
    ///     .absent("apache2")
    ///     .build()?;
    /// assert_eq!(web.name(), "packages nginx, postgresql, dnsmasq (role), no apache2");
    ///
    /// let both = PackageScore::builder().present("nginx").absent("nginx").build().unwrap_err();
    /// assert!(both.to_string().contains("nginx stands there twice"));
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    PackageScore of PackageFields, called "packages", schema 1
}

/// The fields of a [`PackageScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageFields {
    /// Packages that shall be there, in any version or in this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<WantedPackage>,
    /// Roles whose packages shall be there; each distribution has its own names for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<PackageRole>,
    /// Packages that shall not be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<PackageName>,
    /// Whose they are when they are there already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

/// A package that shall be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedPackage {
    /// Which.
    pub name: PackageName,
    /// In which version, as the distribution spells it; in any where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether it is kept from being changed; not looked at where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
}

const WHAT: &str = "packages";

impl WantedPackage {
    const fn any(name: PackageName) -> Self {
        Self { name, version: None, held: None }
    }
}

impl PackageFields {
    fn label(&self) -> String {
        let names = self.present.iter().map(|wanted| wanted.name.to_string());
        let roles = self.roles.iter().map(|role| format!("{role} (role)"));
        let absent = self.absent.iter().map(|name| format!("no {name}"));
        names.chain(roles).chain(absent).collect::<Vec<_>>().join(", ")
    }

    fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, kind| Err((field.to_owned(), kind));
        if self.present.is_empty() && self.roles.is_empty() && self.absent.is_empty() {
            return complain("present", SpecErrorKind::Rule("say at least one package or role"));
        }
        let names = self.present.iter().map(|wanted| &wanted.name).chain(&self.absent);
        if let Some(name) = twice(names) {
            return complain("present", SpecErrorKind::Duplicate { value: name.to_string() });
        }
        if let Some(role) = twice(self.roles.iter()) {
            return complain("roles", SpecErrorKind::Duplicate { value: role.to_string() });
        }
        let unfit = |version: &String| !is_version(version);
        if self.present.iter().filter_map(|wanted| wanted.version.as_ref()).any(unfit) {
            let rule = "it begins with a letter or a digit, then letters, digits and . + - ~ : ^ _";
            return complain("present.version", SpecErrorKind::Rule(rule));
        }
        Ok(())
    }
}

/// Debian Policy 5.6.12 and RPM's version-release, with an epoch.
fn is_version(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".+-~:^_".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}

fn twice<'a, V: PartialEq>(values: impl Iterator<Item = &'a V> + Clone) -> Option<&'a V> {
    let mut rest = values.clone();
    values.into_iter().find(|value| {
        rest.next();
        rest.clone().any(|other| other == *value)
    })
}

#[bon::bon]
impl PackageScore {
    /// Describes packages; at least one has to be named.
    ///
    /// # Errors
    /// When a name cannot be read, or stands there twice; the error names the field.
    #[builder]
    pub fn new(
        #[builder(field)] present: Vec<Text<WantedPackage>>,
        #[builder(field)] held: Vec<Text<PackageName>>,
        #[builder(field)] absent: Vec<Text<PackageName>>,
        #[builder(field)] roles: Vec<PackageRole>,
        /// Whether those that are there without this site's mark get it, so that a teardown removes them too.
        #[builder(default)]
        adopt: bool,
        /// Whether they survive prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let all = |names: Vec<Text<PackageName>>, field| {
            names.into_iter().map(|name| name.of(WHAT, field)).collect::<Result<Vec<_>, _>>()
        };
        let absent = all(absent, "absent")?;
        let held = all(held, "held")?;
        let present = present.into_iter().map(|wanted| wanted.of(WHAT, "present"));
        let mut present = present.collect::<Result<Vec<_>, _>>()?;
        for name in held {
            match present.iter_mut().find(|wanted| wanted.name == name) {
                Some(wanted) => wanted.held = Some(true),
                None => {
                    present.push(WantedPackage { held: Some(true), ..WantedPackage::any(name) });
                }
            }
        }
        Self::try_from(PackageFields {
            present,
            roles,
            absent,
            custody: Custody { adopt, protect },
        })
    }
}

impl<S: package_score_builder::State> PackageScoreBuilder<S> {
    /// A package that shall be there, in whatever version.
    pub fn present(mut self, name: impl Into<Text<PackageName>>) -> Self {
        self.present.push(name.into().map(WantedPackage::any));
        self
    }

    /// Packages that shall be there, in whatever version.
    pub fn all_present(
        self,
        names: impl IntoIterator<Item = impl Into<Text<PackageName>>>,
    ) -> Self {
        names.into_iter().fold(self, Self::present)
    }

    /// A package that shall be there in this version.
    pub fn version(
        mut self,
        name: impl Into<Text<PackageName>>,
        version: impl Into<String>,
    ) -> Self {
        let version = Some(version.into());
        let wanted = name.into().map(|name| WantedPackage { version, ..WantedPackage::any(name) });
        self.present.push(wanted);
        self
    }

    /// A package that shall be there and be kept from being changed by others.
    pub fn held(mut self, name: impl Into<Text<PackageName>>) -> Self {
        self.held.push(name.into());
        self
    }

    /// The packages that play a role.
    pub fn role(mut self, role: PackageRole) -> Self {
        self.roles.push(role);
        self
    }

    /// A package that shall not be there.
    pub fn absent(mut self, name: impl Into<Text<PackageName>>) -> Self {
        self.absent.push(name.into());
        self
    }
}

impl<T: PackageManager> Score<T> for PackageScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for PackageScore {
    fn name(&self) -> String {
        format!("{WHAT} {}", self.label())
    }

    fn claims(&self) -> Vec<Claim> {
        let names = self.present.iter().map(|wanted| &wanted.name).chain(&self.absent);
        let roles = self.roles.iter().map(|role| Claim::object("package role", role.to_string()));
        names.map(super::claim).chain(roles).collect()
    }

    /// What uses a package that is removed, or replaced by an older one, no longer works as it did.
    fn sensitivity(&self) -> Sensitivity {
        let versioned = self.present.iter().any(|wanted| wanted.version.is_some());
        if versioned || !self.absent.is_empty() {
            Sensitivity::Disruptive
        } else {
            Sensitivity::Routine
        }
    }
}
