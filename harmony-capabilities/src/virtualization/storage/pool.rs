use crate::spec::{Complaint, SpecError, Text, checked_spec, is_default};
use harmony_phases::ownership::Custody;
use harmony_types::{HostPath, ObjectName};
use serde::{Deserialize, Serialize};

checked_spec! {
    /// What a storage pool shall be: a folder of the host that holds volumes. Its
    /// [fields](PoolFields), checked.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::virtualization::PoolSpec;
    ///
    /// let pool = PoolSpec::builder().name("images").path("/var/lib/libvirt/images").autostart(true).build()?;
    /// assert_eq!(pool.path.as_str(), "/var/lib/libvirt/images");
    /// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
    /// ```
    PoolSpec of PoolFields, called "pool", schema 1
}

/// The fields of a [`PoolSpec`]; what is not set is neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolFields {
    /// What it is called.
    pub name: ObjectName,
    /// The folder on the host.
    pub path: HostPath,
    /// Whether it starts with the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

impl PoolFields {
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "every spec has its check; types say it all here"
    )]
    pub(crate) fn check(&self) -> Result<(), Complaint> {
        Ok(())
    }

    pub(crate) fn label(&self) -> &ObjectName {
        &self.name
    }
}

#[bon::bon]
impl PoolSpec {
    /// Describes a storage pool.
    ///
    /// # Errors
    /// When a text cannot be read; the error names the field and the rule.
    #[builder]
    pub fn new(
        /// What it is called.
        #[builder(into)]
        name: Text<ObjectName>,
        /// The folder on the host.
        #[builder(into)]
        path: Text<HostPath>,
        /// Whether it starts with the host.
        autostart: Option<bool>,
        /// Whether one that exists without this site's mark is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let (name, path) = (name.of("pool", "name")?, path.of("pool", "path")?);
        let custody = Custody { adopt, protect };
        Self::try_from(PoolFields { name, path, autostart, custody })
    }
}
