use super::{VOLUME, VolumeScore, score_of, value};
use crate::{
    spec::{Complaint, SpecError, Text, checked_spec, is_default},
    virtualization::{ImageSource, StoragePools, VolumeRef, VolumeSpec},
};
use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Outcome, Score, ValidationReport,
    ownership::Custody,
};
use harmony_types::ObjectName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

checked_spec! {
    /// Which ISO image shall be in which pool: its [fields](IsoFields), checked.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::virtualization::{Checksum, ImageSource, IsoImageScore, IsoSpec};
    ///
    /// let checksum = Checksum::sha256("ab".repeat(32))?;
    /// let debian = IsoSpec::builder()
    ///     .pool("images")
    ///     .name("debian.iso")
    ///     .source(ImageSource::url("https://example.org/debian.iso", checksum)?)
    ///     .build()?;
    /// let score = IsoImageScore::new(debian);
    /// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
    /// ```
    IsoSpec of IsoFields, called "ISO image", schema 1
}

/// The fields of an [`IsoSpec`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IsoFields {
    /// The pool that holds it.
    pub pool: ObjectName,
    /// What it is called in the pool.
    pub name: ObjectName,
    /// Where its bytes come from.
    pub source: ImageSource,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

impl IsoFields {
    /// Returns the volume that holds it.
    pub fn volume(&self) -> VolumeRef {
        VolumeRef { pool: self.pool.clone(), name: self.name.clone() }
    }

    fn label(&self) -> VolumeRef {
        self.volume()
    }

    fn check(&self) -> Result<(), Complaint> {
        self.source.check().map_err(|(field, kind)| (format!("source.{field}"), kind))
    }
}

#[bon::bon]
impl IsoSpec {
    /// Describes an ISO image in a pool.
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
        /// Where its bytes come from.
        source: ImageSource,
        /// Whether one that exists without this site's mark is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let (pool, name) = (pool.of("ISO image", "pool")?, name.of("ISO image", "name")?);
        Self::try_from(IsoFields { pool, name, source, custody: Custody { adopt, protect } })
    }
}

score_of! {
    /// There is an ISO image in a pool, with all of its content, verified.
    ///
    /// It claims its name in its pool.
    IsoImageScore of IsoSpec
}

impl<T: StoragePools> Score<T> for IsoImageScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

impl IsoImageScore {
    /// The image as any other volume: raw, and as large as its content.
    fn volume(&self) -> VolumeScore {
        let IsoFields { pool, name, source, custody } = self.spec.clone().into_fields();
        VolumeScore::new(VolumeSpec::image(pool, name, source, custody))
    }
}

#[async_trait]
impl<T: StoragePools> Interpret<T> for IsoImageScore {
    async fn validate(&self, ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        self.volume().validate(ctx, on).await
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        self.volume().execute(ctx, on).await
    }

    async fn validate_undo(
        &self,
        ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        self.volume().validate_undo(ctx, on).await
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        self.volume().undo(ctx, on).await
    }
}

impl Describe for IsoImageScore {
    fn name(&self) -> String {
        format!("iso {}", self.spec.volume())
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(VOLUME, self.spec.volume().to_string())]
    }
}
