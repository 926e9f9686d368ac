//! Many systems.

use std::collections::HashSet;

use super::{Fleet, FleetError, HostRun, Maestro, fleet::Member, rollout::roll_out};
use crate::{
    Context, Plan, Resting, Stopped,
    event::{EventKind, Verb},
    pipeline::{Finished, PipelineError, TornDown},
};

impl Maestro {
    /// Looks what [`execute_fleet`](Self::execute_fleet) would do on each system.
    ///
    /// # Errors
    /// A pipeline itself is wrong, or two systems want what is one across all of them.
    pub async fn plan_fleet<A: Resting, B: Resting>(
        &self,
        fleet: Fleet<A, B>,
    ) -> Result<Vec<HostRun<Plan>>, FleetError> {
        self.over(fleet, Verb::Plan, async |ctx, Member { start, pipeline, .. }| {
            pipeline.plan(&ctx, start).await.map_err(Stopped::invalid)
        })
        .await
    }

    /// Brings all systems about, or goes on where an earlier run stopped.
    ///
    /// Each has its own events and its own end; one that fails does not stop the others.
    ///
    /// # Errors
    /// A pipeline itself is wrong, or two systems want what is one across all of them; nothing ran.
    /// What a late-bound score claims is known when it is bound: a conflict stops the system that
    /// comes second.
    pub async fn execute_fleet<A: Resting, B: Resting>(
        &self,
        fleet: Fleet<A, B>,
    ) -> Result<Vec<HostRun<Finished<B>>>, FleetError> {
        self.over(fleet, Verb::Execute, async |ctx, Member { start, pipeline, .. }| {
            pipeline.execute(&ctx, start).await
        })
        .await
    }

    /// Looks what [`teardown_fleet`](Self::teardown_fleet) would do on each system.
    ///
    /// # Errors
    /// A pipeline itself is wrong, or two systems want what is one across all of them.
    pub async fn plan_teardown_fleet<A: Resting, B: Resting>(
        &self,
        fleet: Fleet<A, B>,
    ) -> Result<Vec<HostRun<Plan>>, FleetError> {
        self.over(fleet, Verb::PlanTeardown, async |ctx, Member { start, pipeline, .. }| {
            pipeline.plan_teardown(&ctx, start).await.map_err(Stopped::invalid)
        })
        .await
    }

    /// Takes down what the pipelines built.
    ///
    /// # Errors
    /// A pipeline itself is wrong, or two systems want what is one across all of them; nothing ran.
    pub async fn teardown_fleet<A: Resting, B: Resting>(
        &self,
        fleet: Fleet<A, B>,
    ) -> Result<Vec<HostRun<TornDown<A>>>, FleetError> {
        self.over(fleet, Verb::Teardown, async |ctx, Member { start, pipeline, .. }| {
            pipeline.teardown(&ctx, start).await
        })
        .await
    }

    async fn over<A, B, T, F>(
        &self,
        fleet: Fleet<A, B>,
        verb: Verb,
        run: F,
    ) -> Result<Vec<HostRun<T>>, FleetError>
    where
        A: Resting,
        B: Resting,
        F: AsyncFn(Context, Member<A, B>) -> Result<T, Stopped>,
    {
        let ctx = &self.context().for_fleet();
        check(ctx, &fleet)?;
        let hosts = fleet.hosts().map(str::to_owned).collect();
        ctx.emit(|| EventKind::FleetStarted { verb, hosts });
        Ok(roll_out(ctx, fleet, |member| run(ctx.clone(), member)).await)
    }
}

/// Checks what can be checked before anything runs: names, and claims on and across hosts.
fn check<A: Resting, B: Resting>(ctx: &Context, fleet: &Fleet<A, B>) -> Result<(), FleetError> {
    let mut names = HashSet::new();
    for Member { host, pipeline, .. } in &fleet.members {
        if !names.insert(host) {
            return Err(FleetError::SameHost(host.clone()));
        }
        pipeline.check_among(ctx, host).map_err(|error| match error {
            PipelineError::Site(conflict) => FleetError::Site(conflict),
            error => FleetError::InvalidPipeline { host: host.clone(), error },
        })?;
    }
    Ok(())
}
