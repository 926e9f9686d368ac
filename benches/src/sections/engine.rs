//! The engine on scores that have nothing to do.

use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use harmony_phases::{
    Context, Describe, Interpret, InterpretError, Outcome, Phase, Pipeline, RestingPhase, Score,
    Topology, ValidationReport,
};
use tokio::runtime::Runtime;

use crate::{
    ALLOCATOR,
    measure::{seconds, time},
    table::{Goal, Row, Table},
};

#[derive(Debug)]
pub(super) struct Idle;
impl Phase for Idle {
    const NAME: &'static str = "Idle";
}
impl RestingPhase for Idle {}

/// A score whose thing is there already.
#[derive(Clone, Debug)]
struct Nothing(usize);
impl Describe for Nothing {
    fn name(&self) -> String {
        format!("nothing {}", self.0)
    }
}
impl<T: Sync> Score<T> for Nothing {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "nothing": self.0 })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}
#[async_trait]
impl<T: Sync> Interpret<T> for Nothing {
    async fn validate(&self, _: &Context, _: &T) -> Result<ValidationReport, InterpretError> {
        Ok(ValidationReport::already_applied())
    }
    async fn execute(&self, _: &Context, _: &T) -> Result<Outcome, InterpretError> {
        Ok(Outcome::noop(""))
    }
}

/// What planning and executing `steps` no-op scores took.
pub(super) struct Cost {
    pub(super) plan: f64,
    pub(super) execute: f64,
    /// The most that was held during an execution, pipeline included, in bytes a step.
    bytes: f64,
}

#[expect(clippy::cast_precision_loss, reason = "step counts and bytes are far below 2^52")]
pub(super) fn cost(steps: usize, runs: usize) -> anyhow::Result<Cost> {
    let runtime = Runtime::new().context("starting a runtime")?;
    let ctx = Context::for_site("bench".parse()?);
    let start = || Topology::new("bench", Idle);
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let pipeline =
        (0..steps).map(Nothing).fold(Pipeline::<Topology<Idle>, _>::start(), Pipeline::run);
    let execute_once = || -> Duration {
        let (took, end) = time(|| runtime.block_on(pipeline.execute(&ctx, start())));
        assert!(end.is_ok_and(|end| !end.changed()), "a no-op run changed something");
        took
    };
    execute_once();
    let bytes = (ALLOCATOR.peak_usage() - before) as f64 / steps as f64;
    let execute = seconds(runs, execute_once);
    let plan = seconds(runs, || {
        let (took, plan) = time(|| runtime.block_on(pipeline.plan(&ctx, start())));
        assert!(plan.is_ok_and(|plan| plan.is_noop()), "a no-op plan has something to do");
        took
    });
    Ok(Cost { plan, execute, bytes })
}

#[expect(clippy::cast_precision_loss, reason = "step counts are far below 2^52")]
pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let sizes = [1_000, 10_000, 100_000];
    let costs = sizes.map(|steps| cost(steps, 5));
    let mut per_step = Vec::new();
    for (steps, cost) in sizes.into_iter().zip(costs) {
        let cost = cost?;
        let us = |seconds: f64| seconds * 1e6 / steps as f64;
        table.add(Row::new(
            "engine",
            format!("plan, {steps} no-op scores"),
            us(cost.plan),
            "us/step",
        ));
        table.add(Row::new(
            "engine",
            format!("execute, {steps} no-op scores"),
            us(cost.execute),
            "us/step",
        ));
        let bytes =
            Row::new("engine", format!("memory, {steps} no-op scores"), cost.bytes, "B/step");
        table.add(bytes.goal(Goal::AtMost(1024.0)));
        per_step.push((us(cost.plan), us(cost.execute)));
    }
    let (small, large) = (per_step[0], per_step[2]);
    let growth = |what: &str, ratio| {
        Row::new("engine", format!("{what}: a step of 100000 / a step of 1000"), ratio, "x")
            .goal(Goal::AtMost(1.5))
            .note("linear is 1")
    };
    table.add(growth("plan", large.0 / small.0));
    table.add(growth("execute", large.1 / small.1));
    Ok(())
}
