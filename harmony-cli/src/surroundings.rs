use std::error::Error;

use harmony_phases::{
    BoxError, Context, Stopped,
    context::{ContextBuilder, EffectOutcome},
    secret::EnvironmentSecrets,
};
use harmony_types::SiteName;
use serde::Serialize;

use crate::{
    Exit,
    arguments::{Common, Confirm},
    console::Console,
    failure,
    interrupt::{InFlight, Interrupts},
    secrets::{OwnSecrets, PromptedSecrets},
    view::{Audience, View},
};

/// What every verb has around it: the options that all programs share, and where it writes.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) common: Common,
    pub(crate) console: Console,
    /// The program's name, which is also the site's unless the command line names another.
    pub(crate) name: &'static str,
}

impl Surroundings {
    /// A context for the site, with all sources of secrets.
    pub(crate) fn context(&self) -> Result<ContextBuilder, Exit> {
        let site = self.site().map_err(|error| self.fail(&*error))?;
        let builder = Context::builder(site)
            .prune(self.common.prune)
            .secret_source(EnvironmentSecrets)
            .secret_source(OwnSecrets)
            .secret_source(PromptedSecrets::of(self.console.clone()));
        #[cfg(feature = "key-store")]
        let builder = builder.secret_source(crate::secrets::OwnKeyStore::of(self.console.clone()));
        Ok(builder)
    }

    fn site(&self) -> Result<SiteName, BoxError> {
        match &self.common.site {
            Some(site) => Ok(site.clone()),
            None => Ok(self.name.parse()?),
        }
    }

    /// Does `run`, shown to the operator, who may stop it.
    pub(crate) async fn watched<T>(&self, ctx: &Context, run: impl Future<Output = T>) -> T {
        let in_flight = InFlight::default();
        let view = View::of(&self.console, self.common.json);
        let audience = Audience::seat(ctx.events().follow(), view, in_flight.clone());
        let listener = match Interrupts::take() {
            Ok(signals) => {
                Some(tokio::spawn(signals.obey(ctx.clone(), self.console.clone(), in_flight)))
            }
            Err(error) => {
                log::warn!("Ctrl-C ends the process at once: {error}");
                None
            }
        };
        let result = run.await;
        if let Some(listener) = listener {
            listener.abort();
        }
        audience.leave().await;
        result
    }

    /// Asks whether to go on, unless that was said already.
    pub(crate) fn agree(&self, question: &str, confirm: Confirm) -> Result<(), Exit> {
        if confirm.yes {
            return Ok(());
        }
        match (self.common.json, self.console.confirm(question)) {
            (false, Some(true)) => Ok(()),
            (false, Some(false)) => {
                self.console.note("declined: nothing was touched");
                Err(Exit::Declined)
            }
            _ => {
                self.console.note("error: nobody can be asked here; add --yes to go on");
                Err(Exit::Usage)
            }
        }
    }

    pub(crate) fn write_json(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.console.result(&text),
            Err(error) => drop(failure::report(&self.console, &error)),
        }
    }

    pub(crate) fn fail(&self, error: &(dyn Error + 'static)) -> Exit {
        failure::report(&self.console, error)
    }

    /// Says what the step that stopped a run had done already.
    pub(crate) fn tell_effects(&self, stopped: &Stopped) {
        for (effect, outcome) in &stopped.effects {
            let how = match outcome {
                EffectOutcome::Done => "done",
                EffectOutcome::Failed(_) => "failed",
                EffectOutcome::Unknown => "begun, and how it ended is not known",
            };
            self.console.note(&format!("  {}: {how}", effect.intent));
        }
    }
}
