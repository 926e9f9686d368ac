use super::{DiskSource, ImageSource, VolumeRef};
use crate::spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default};
use harmony_phases::ownership::Custody;
use harmony_types::{ByteSize, ObjectName};
use serde::{Deserialize, Serialize};
use std::fmt;

checked_spec! {
    /// What a volume shall be: its [fields](VolumeFields), checked.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::virtualization::{VolumeFormat, VolumeSpec};
    /// use harmony_types::ByteSize;
    ///
    /// let disk = VolumeSpec::builder()
    ///     .pool("images")
    ///     .name("web.qcow2")
    ///     .format(VolumeFormat::Qcow2)
    ///     .capacity(ByteSize::gib(20))
    ///     .build()?;
    /// assert_eq!(disk.volume().to_string(), "images/web.qcow2");
    /// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
    /// ```
    VolumeSpec of VolumeFields, called "volume", schema 1
}

/// The fields of a [`VolumeSpec`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeFields {
    /// The pool that holds it.
    pub pool: ObjectName,
    /// What it is called in the pool.
    pub name: ObjectName,
    /// How its content is stored.
    #[serde(default)]
    pub format: VolumeFormat,
    /// How much the guest sees; that of its image or backing if not set. It may grow and never
    /// shrinks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<ByteSize>,
    /// What it reads where nothing was written to it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backing: Option<Backing>,
    /// What it is filled with when it is created; of its own format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ImageSource>,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

/// How the content of a volume is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VolumeFormat {
    /// In QEMU's format, which grows with what is written.
    #[default]
    Qcow2,
    /// Byte by byte.
    Raw,
}

/// The volume or file that a new one builds upon; its format is always named, because guessing it
/// is unsafe.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backing {
    /// Where it lies.
    pub source: DiskSource,
    /// How its content is stored.
    pub format: VolumeFormat,
}

impl VolumeFields {
    /// The least capacity of a volume.
    pub const LEAST_CAPACITY: ByteSize = ByteSize::mib(1);
    const SECTOR: u64 = 512;

    /// Returns the volume's pool and name together.
    pub fn volume(&self) -> VolumeRef {
        VolumeRef { pool: self.pool.clone(), name: self.name.clone() }
    }

    pub(crate) fn label(&self) -> VolumeRef {
        self.volume()
    }

    pub(crate) fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, kind| Err((field.to_owned(), kind));
        if let Some(found) = self.capacity {
            let least = Self::LEAST_CAPACITY;
            if found < least {
                return complain("capacity", SpecErrorKind::TooSmall { found, least });
            }
            if !found.as_bytes().is_multiple_of(Self::SECTOR) {
                return complain(
                    "capacity",
                    SpecErrorKind::Rule("it is not a multiple of 512 bytes, a sector"),
                );
            }
        } else if self.backing.is_none() && self.source.is_none() {
            let why = "an empty volume has no size of its own";
            return complain("capacity", SpecErrorKind::Needs { other: "a value", why });
        }
        if let Some(source) = &self.source {
            source.check().map_err(|(field, kind)| (format!("source.{field}"), kind))?;
        }
        self.check_backing()
    }

    fn check_backing(&self) -> Result<(), Complaint> {
        let complain = |kind| Err(("backing".to_owned(), kind));
        let Some(backing) = &self.backing else { return Ok(()) };
        if self.source.is_some() {
            let why = "an image would overwrite what the backing shows";
            return complain(SpecErrorKind::Excludes { other: "source", why });
        }
        if self.format == VolumeFormat::Raw {
            let why = "a raw volume holds every byte itself";
            return complain(SpecErrorKind::Excludes { other: "format raw", why });
        }
        if backing.source.volume() == Some(&self.volume()) {
            return complain(SpecErrorKind::Rule("a volume cannot build upon itself"));
        }
        Ok(())
    }
}

#[bon::bon]
impl VolumeSpec {
    /// Describes a volume.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field and the rule.
    #[builder]
    pub fn new(
        /// The pool that holds it.
        #[builder(into)]
        pool: Text<ObjectName>,
        /// What it is called in the pool.
        #[builder(into)]
        name: Text<ObjectName>,
        /// How its content is stored; qcow2 by default.
        #[builder(default)]
        format: VolumeFormat,
        /// How much the guest sees.
        #[builder(into)]
        capacity: Option<Text<ByteSize>>,
        /// What it reads where nothing was written to it yet.
        backing: Option<Backing>,
        /// What it is filled with when it is created.
        source: Option<ImageSource>,
        /// Whether one that exists without this site's mark is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        Self::try_from(VolumeFields {
            pool: pool.of("volume", "pool")?,
            name: name.of("volume", "name")?,
            format,
            capacity: capacity.map(|text| text.of("volume", "capacity")).transpose()?,
            backing,
            source,
            custody: Custody { adopt, protect },
        })
    }
}

impl VolumeSpec {
    /// A raw volume that holds an image, and is as large as it.
    pub(crate) fn image(
        pool: ObjectName,
        name: ObjectName,
        source: ImageSource,
        custody: Custody,
    ) -> Self {
        // invariant: what holds an image, and no backing, breaks no rule; the image itself was
        // checked by its owner.
        Self(VolumeFields {
            pool,
            name,
            format: VolumeFormat::Raw,
            capacity: None,
            backing: None,
            source: Some(source),
            custody,
        })
    }
}

impl fmt::Display for VolumeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Qcow2 => "qcow2",
            Self::Raw => "raw",
        })
    }
}
