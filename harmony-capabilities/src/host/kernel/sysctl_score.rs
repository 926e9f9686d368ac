use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Score, Sensitivity, ValidationReport,
    ownership::{Custody, Mark},
};
use serde::{Deserialize, Serialize};

use super::{Sysctl, SysctlKey, SysctlState};
use crate::{
    host::{
        HostError,
        upkeep::{Claimed, Upkeep, Worker, change, value},
    },
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a kernel parameter to have this value, now and whenever the host starts: its [fields](SysctlFields),
    /// checked.
    ///
    /// It claims the parameter. A parameter always has a value, so one without a mark is not foreign; one that another
    /// site sets is. A teardown takes away what sets it when the host starts; the value now stays, because the one
    /// before it is not known.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::SysctlScore;
    /// let forwarding = SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build()?;
    /// let ports = SysctlScore::builder().key("net.ipv4.ip_local_port_range").value("32768  60999").build()?;
    /// assert_eq!(ports.value, "32768 60999");
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    SysctlScore of SysctlFields, called "kernel parameter", schema 1
}

/// The fields of a [`SysctlScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SysctlFields {
    /// The parameter.
    pub key: SysctlKey,
    /// Its value, with single spaces between numbers.
    pub value: String,
    /// How safe it is, and whether another's is taken over.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

/// The value of a kernel parameter: a text or a number.
#[derive(Clone, Debug)]
pub struct SysctlValue(String);

const WHAT: &str = "kernel parameter";
const MOST: usize = 4096;

impl SysctlFields {
    fn label(&self) -> &SysctlKey {
        &self.key
    }

    fn check(&self) -> Result<(), Complaint> {
        let rule = if self.value.chars().any(char::is_control) {
            "it is one line without control characters"
        } else if self.value.split(' ').any(str::is_empty) {
            "it is not empty, with single spaces between its numbers"
        } else if self.value.len() > MOST {
            "it is at most 4096 bytes long, which is what the kernel reads"
        } else {
            return Ok(());
        };
        Err(("value".to_owned(), SpecErrorKind::Rule(rule)))
    }
}

#[bon::bon]
impl SysctlScore {
    /// Describes the value of a kernel parameter; both are required.
    ///
    /// # Errors
    /// When the key cannot be read or the value is none; the error names the field.
    #[builder]
    pub fn new(
        /// The parameter.
        #[builder(into)]
        key: Text<SysctlKey>,
        /// Its value.
        #[builder(into)]
        value: SysctlValue,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let key = key.of(WHAT, "key")?;
        Self::try_from(SysctlFields {
            key,
            value: value.0,
            custody: Custody { adopt: false, protect },
        })
    }
}

macro_rules! values {
    ($($number:ty),+) => {
        $(impl From<$number> for SysctlValue {
            fn from(value: $number) -> Self {
                Self(value.to_string())
            }
        })+
    };
}

values!(i32, i64, u32, u64);

/// A text, whose blanks count as single spaces, as the kernel reads it.
impl From<&str> for SysctlValue {
    fn from(text: &str) -> Self {
        let words: Vec<&str> = text.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        Self(words.join(" "))
    }
}

impl From<String> for SysctlValue {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<T: Sysctl> Score<T> for SysctlScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for SysctlScore {
    fn name(&self) -> String {
        format!("sysctl {}", self.key)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![super::sysctl_claim(&self.key)]
    }

    /// A parameter of the network may cut off who sets it.
    fn sensitivity(&self) -> Sensitivity {
        if self.key.as_str().starts_with("net.") {
            Sensitivity::Disruptive
        } else {
            Sensitivity::Routine
        }
    }
}

#[async_trait]
impl<T: Sysctl> Upkeep<T> for SysctlScore {
    type Found = SysctlState;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<SysctlState, InterpretError> {
        Ok(on.parameter(&self.key).await?)
    }

    async fn forward(
        &self,
        ctx: &Context,
        _on: &T,
        found: &SysctlState,
    ) -> Result<ValidationReport, InterpretError> {
        let wanted = self.value.as_str();
        let mut changes = Vec::new();
        if found.value.as_deref() != Some(wanted) {
            changes.push(change("value", found.value.as_deref().unwrap_or("none"), wanted));
        }
        if found.at_boot.as_deref() != Some(wanted) {
            changes.push(change(
                "at boot",
                found.at_boot.as_deref().unwrap_or("not set by us"),
                wanted,
            ));
        }
        let what = self.name();
        let thing = Claimed { what: &what, mark: found.mark.as_ref(), custody: self.custody };
        let report = thing.forward_setting(ctx, changes);
        Ok(match found.value {
            Some(_) => report,
            None => report.precondition(format!("the kernel has the parameter {}", self.key)),
        })
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        _found: &SysctlState,
        mark: &Mark,
    ) -> Result<(), HostError> {
        on.set(ctx, &self.key, &self.value, mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        _on: &T,
        found: &SysctlState,
    ) -> Result<ValidationReport, InterpretError> {
        if found.mark.is_none() && found.at_boot.is_none() {
            return Ok(ValidationReport::already_applied());
        }
        let what = self.name();
        let thing = Claimed { what: &what, mark: found.mark.as_ref(), custody: self.custody };
        Ok(thing.back(ctx).note("its value now stays until the host starts again"))
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &SysctlState,
    ) -> Result<Option<String>, HostError> {
        on.unset(ctx, &self.key).await.map(|()| None)
    }
}
