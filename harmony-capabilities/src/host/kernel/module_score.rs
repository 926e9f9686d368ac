use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Score, ValidationReport,
    ownership::{Custody, Mark},
    score::{ChangeEffect, Detail},
};
use serde::{Deserialize, Serialize};

use super::{KernelModules, ModuleName, ModuleState};
use crate::{
    host::{
        HostError,
        upkeep::{Claimed, Upkeep, Worker, change, value},
    },
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a kernel module to be loaded, now and whenever the host starts: its [fields](KernelModuleFields), checked.
    ///
    /// It claims the module. A module that is loaded already is nobody's. A teardown takes away what loads it when the
    /// host starts; a module that is loaded stays.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::KernelModuleScore;
    /// let kvm = KernelModuleScore::builder().module("kvm-intel").options("nested=1").build()?;
    /// assert_eq!(kvm.module.as_str(), "kvm_intel");
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    KernelModuleScore of KernelModuleFields, called "kernel module", schema 1
}

/// The fields of a [`KernelModuleScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelModuleFields {
    /// The module.
    pub module: ModuleName,
    /// Its options, which are felt when it is loaded next; not looked at where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<String>,
    /// How safe it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

const WHAT: &str = "kernel module";

impl KernelModuleFields {
    fn label(&self) -> &ModuleName {
        &self.module
    }

    fn check(&self) -> Result<(), Complaint> {
        let assigns = |word: &str| {
            let (name, value) = word.split_once('=').unwrap_or((word, "1"));
            let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let fits = |c: char| c.is_ascii_graphic() && !"\"'#\\".contains(c);
            !name.is_empty()
                && name.chars().all(named)
                && !value.is_empty()
                && value.chars().all(fits)
        };
        match &self.options {
            Some(options) if !options.split(' ').all(assigns) => {
                let rule =
                    "they are `name=value`, with single spaces between them and without quotes";
                Err(("options".to_owned(), SpecErrorKind::Rule(rule)))
            }
            _ => Ok(()),
        }
    }
}

#[bon::bon]
impl KernelModuleScore {
    /// Describes a kernel module; its name is required.
    ///
    /// # Errors
    /// When a text cannot be read; the error names the field.
    #[builder]
    pub fn new(
        /// The module.
        #[builder(into)]
        module: Text<ModuleName>,
        /// Its options: `nested=1`.
        #[builder(into)]
        options: Option<String>,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let module = module.of(WHAT, "module")?;
        let custody = Custody { adopt: false, protect };
        Self::try_from(KernelModuleFields { module, options, custody })
    }
}

impl<T: KernelModules> Score<T> for KernelModuleScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for KernelModuleScore {
    fn name(&self) -> String {
        format!("{WHAT} {}", self.module)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![super::module_claim(&self.module)]
    }
}

#[async_trait]
impl<T: KernelModules> Upkeep<T> for KernelModuleScore {
    type Found = ModuleState;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<ModuleState, InterpretError> {
        Ok(on.module(&self.module).await?)
    }

    async fn forward(
        &self,
        ctx: &Context,
        _on: &T,
        found: &ModuleState,
    ) -> Result<ValidationReport, InterpretError> {
        let changes = self.changes(found);
        let what = self.name();
        let thing = Claimed { what: &what, mark: found.mark.as_ref(), custody: self.custody };
        let report = thing.forward_setting(ctx, changes);
        Ok(if found.available || found.loaded {
            report
        } else {
            report.precondition(format!("the running kernel has the module {}", self.module))
        })
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        found: &ModuleState,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let options = self.options.as_deref().unwrap_or(&found.options);
        on.load(ctx, &self.module, options, mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        _on: &T,
        found: &ModuleState,
    ) -> Result<ValidationReport, InterpretError> {
        if found.mark.is_none() && !found.at_boot {
            return Ok(ValidationReport::already_applied());
        }
        let what = self.name();
        let thing = Claimed { what: &what, mark: found.mark.as_ref(), custody: self.custody };
        Ok(thing.back(ctx).note("it stays loaded until the host starts again"))
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &ModuleState,
    ) -> Result<Option<String>, HostError> {
        on.forget(ctx, &self.module).await.map(|()| None)
    }
}

impl KernelModuleScore {
    fn changes(&self, found: &ModuleState) -> Vec<Detail> {
        let mut changes = Vec::new();
        if !found.loaded {
            changes.push(change("loaded", "no", "yes"));
        }
        if !found.at_boot {
            changes.push(change("at boot", "not loaded by us", "loaded"));
        }
        if let Some(options) = self.options.as_ref().filter(|options| **options != found.options) {
            changes.push(Detail::Change {
                field: "options".to_owned(),
                found: if found.options.is_empty() {
                    "none".to_owned()
                } else {
                    found.options.clone()
                },
                wanted: options.clone(),
                effect: if found.loaded { ChangeEffect::AfterRestart } else { ChangeEffect::Live },
            });
        }
        changes
    }
}
