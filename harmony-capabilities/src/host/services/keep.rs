//! How a service is looked at and brought to what is wanted of it.

use async_trait::async_trait;
use futures_util::future::{join, try_join_all};
use harmony_phases::{
    Context, Describe, InterpretError, ValidationReport, ownership::Mark, score::Detail,
};
use harmony_types::HostPath;

use super::{Activity, Enablement, ServiceAction, ServiceManager, ServiceScore, ServiceState};
use crate::host::{
    Entry, FileStore, HostError,
    upkeep::{Upkeep, change},
};

/// What a look at a service finds.
#[derive(Debug)]
pub(in crate::host) struct Found {
    state: ServiceState,
    inputs: Vec<Option<Entry>>,
}

/// One thing to be done to a service, and what a plan says of it.
type Step = (ServiceAction, Detail);

#[async_trait]
impl<T: ServiceManager + FileStore> Upkeep<T> for ServiceScore {
    type Found = Found;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<Found, InterpretError> {
        let inputs = try_join_all(self.restart_on.iter().map(|path| on.entry(path)));
        let (state, inputs) = join(on.service(&self.unit), inputs).await;
        Ok(Found { state: state?, inputs: inputs? })
    }

    async fn forward(
        &self,
        _ctx: &Context,
        _on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        if let Some(reason) = self.obstacle(&found.state) {
            return Ok(ValidationReport::blocked(reason));
        }
        let steps = self.steps(found);
        if steps.is_empty() {
            return Ok(ValidationReport::already_applied());
        }
        let report = steps.into_iter().map(|(_, detail)| detail);
        let report = report.fold(ValidationReport::will_update(), ValidationReport::detail);
        Ok(match found.state.enablement {
            Enablement::Unknown => {
                report.precondition(format!("the host has the unit {}", self.unit))
            }
            _ => report,
        })
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
        _mark: &Mark,
    ) -> Result<(), HostError> {
        for (action, _) in self.steps(found) {
            on.act(ctx, &self.unit, action).await?;
        }
        Ok(())
    }

    async fn back(
        &self,
        _ctx: &Context,
        _on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        let steps = retirement(&found.state);
        if steps.is_empty() {
            return Ok(ValidationReport::already_applied());
        }
        if !self.retire {
            let note =
                format!("{} is left as it is: nobody can tell how it was before", self.name());
            return Ok(ValidationReport::already_applied().note(note));
        }
        let details = steps.into_iter().map(|(_, detail)| detail);
        Ok(details.fold(ValidationReport::will_update(), ValidationReport::detail))
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<Option<String>, HostError> {
        for (action, _) in retirement(&found.state) {
            on.act(ctx, &self.unit, action).await?;
        }
        Ok(None)
    }
}

impl ServiceScore {
    /// Why what is wanted cannot be.
    fn obstacle(&self, state: &ServiceState) -> Option<String> {
        let unit = &self.unit;
        let wanted = self.running == Some(true) || self.enabled == Some(true);
        match &state.enablement {
            Enablement::Masked if wanted => {
                Some(format!("{unit} is masked, so that nobody starts it: systemctl unmask {unit}"))
            }
            Enablement::Fixed(how) if self.enabled == Some(true) => Some(format!(
                "{unit} is {how} and cannot be enabled by itself: leave `enabled` unsaid, or enable what starts it"
            )),
            _ => None,
        }
    }

    /// What is to be done, in order.
    fn steps(&self, found: &Found) -> Vec<Step> {
        let state = &found.state;
        let runs = state.activity == Activity::Active;
        let activity = match self.running {
            Some(true) if !runs => Some(step(ServiceAction::Start, state, "running")),
            Some(false) if !stopped(state) => Some(step(ServiceAction::Stop, state, "stopped")),
            Some(false) => None,
            _ if runs => self.changed_input(found).map(restart),
            _ => None,
        };
        let enablement = match self.enabled {
            Some(true) if state.enablement != Enablement::Enabled => {
                Some((ServiceAction::Enable, change("at boot", &state.enablement, "enabled")))
            }
            Some(false) if state.enablement == Enablement::Enabled => {
                Some((ServiceAction::Disable, change("at boot", &state.enablement, "disabled")))
            }
            _ => None,
        };
        enablement.into_iter().chain(activity).collect()
    }

    /// The first input that was changed after the service was started.
    fn changed_input(&self, found: &Found) -> Option<&HostPath> {
        let inputs = self.restart_on.iter().zip(&found.inputs);
        let is_newer = |entry: &Entry| found.state.is_older_than(entry.changed_at);
        let mut changed = inputs.filter(|(_, entry)| entry.as_ref().is_some_and(is_newer));
        changed.next().map(|(path, _)| path)
    }
}

/// What a teardown does to a service that goes with its score.
fn retirement(state: &ServiceState) -> Vec<Step> {
    let stop = (!stopped(state)).then(|| step(ServiceAction::Stop, state, "stopped"));
    let disable = (state.enablement == Enablement::Enabled)
        .then(|| (ServiceAction::Disable, change("at boot", &state.enablement, "disabled")));
    stop.into_iter().chain(disable).collect()
}

/// A service that failed does not run either, and there is nothing to stop.
fn stopped(state: &ServiceState) -> bool {
    matches!(state.activity, Activity::Inactive | Activity::Failed(_))
}

fn step(action: ServiceAction, state: &ServiceState, wanted: &str) -> Step {
    (action, change("activity", &state.activity, wanted))
}

fn restart(input: &HostPath) -> Step {
    let note = format!("will be started again: {input} was changed after it was started");
    (ServiceAction::Restart, Detail::Note(note))
}
