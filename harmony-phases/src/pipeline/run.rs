//! Planning, executing, and tearing down.

use std::collections::HashSet;

use super::{
    Halt, Pipeline, PipelineError, StepRecord, StepResult, Stopped,
    stage::{Ahead, Back, Seen},
};
use crate::{
    Context, Plan, Resting, StepId, StepInfo, StepKind,
    claim::Claims,
    event::{EventKind, RunResult, StepHeading, Verb},
    plan::{Certainty, Verdict},
    transition::WayBack,
};

/// A run that came to its end.
#[derive(Debug)]
#[must_use = "it holds the topology in the phase that was reached"]
pub struct Finished<B> {
    /// The system, in the phase that was reached.
    pub topology: B,
    /// What came of every step, in order.
    pub completed: Vec<StepRecord>,
}

impl<B> Finished<B> {
    /// Whether any step changed the system.
    pub fn changed(&self) -> bool {
        self.completed.iter().any(StepRecord::changed)
    }
}

/// A teardown that came to its end.
#[derive(Debug)]
#[must_use = "it says what remains standing"]
pub struct TornDown<A> {
    /// The system where the pipeline starts; `None` when a transition could not be undone.
    pub topology: Option<A>,
    /// The transition that ended the teardown, and why; what lies before it remains standing.
    pub stays: Option<(StepId, String)>,
    /// What came of every step, in order.
    pub completed: Vec<StepRecord>,
}

impl<A: Resting, B: Resting> Pipeline<A, B> {
    /// Looks what [`execute`](Self::execute) would do, as deep as reality allows.
    ///
    /// # Errors
    /// The pipeline itself is wrong: two steps with one name, or with one claim.
    pub async fn plan(&self, ctx: &Context, start: A) -> Result<Plan, PipelineError> {
        self.look(ctx, start, Verb::Plan).await
    }

    /// Looks what [`teardown`](Self::teardown) would do, in its order; behind a transition that
    /// stays it would do nothing.
    ///
    /// # Errors
    /// The pipeline itself is wrong: two steps with one name, or with one claim.
    pub async fn plan_teardown(&self, ctx: &Context, start: A) -> Result<Plan, PipelineError> {
        let mut plan = self.look(ctx, start, Verb::PlanTeardown).await?;
        plan.lines.retain(|line| {
            let deferred = matches!(line.certainty, Certainty::Deferred { .. });
            !deferred && !matches!(line.verdict, Verdict::WillApply { .. })
        });
        plan.lines.reverse();
        let stays = |verdict: &_| matches!(verdict, Verdict::WillGoBack(WayBack::Stays { .. }));
        if let Some(end) = plan.lines.iter().position(|line| stays(&line.verdict)) {
            plan.lines.truncate(end + 1);
        }
        Ok(plan)
    }

    /// Brings the system about; also the way to resume, since every transition is observed first.
    ///
    /// # Errors
    /// [`Stopped`] says where, what was done by then, and why.
    pub async fn execute(&self, ctx: &Context, start: A) -> Result<Finished<B>, Stopped> {
        let ctx = &ctx.for_run(start.label());
        self.begin(ctx, Verb::Execute)?;
        let end = self.go(ctx, start).await;
        let topology = self.finish(ctx, end)?;
        Ok(Finished { topology, completed: ctx.run_state().take_records() })
    }

    /// Takes down what the pipeline built, in reverse: observes to the deepest phase that reality
    /// has reached, then undoes scores and reverts transitions on the way back.
    ///
    /// # Errors
    /// [`Stopped`] says where, what was done by then, and why.
    pub async fn teardown(&self, ctx: &Context, start: A) -> Result<TornDown<A>, Stopped> {
        let ctx = &ctx.for_run(start.label());
        self.begin(ctx, Verb::Teardown)?;
        let nothing_beyond = Box::new(|at| Box::pin(async { Ok(Back::Here(at)) }) as _);
        let end = self.undo(ctx, start, nothing_beyond).await;
        let back = self.finish(ctx, end)?;
        let completed = ctx.run_state().take_records();
        Ok(match back {
            Back::Here(topology) => TornDown { topology: Some(topology), stays: None, completed },
            Back::Stays { at, because } => {
                TornDown { topology: None, stays: Some((at, because)), completed }
            }
        })
    }

    /// Checks what can be checked before anything runs: names and claims.
    ///
    /// # Errors
    /// Two steps with one name, or with one claim that no step between them releases.
    pub fn check(&self) -> Result<(), PipelineError> {
        check(&self.steps(), "").map(|_| ())
    }

    /// The same for the system called `host`, of several that `ctx` is lent to.
    pub(crate) fn check_among(&self, ctx: &Context, host: &str) -> Result<(), PipelineError> {
        let steps = self.steps();
        check(&steps, host)?;
        for step in &steps {
            ctx.run_state().claim_across(host, step)?;
        }
        Ok(())
    }

    async fn look(&self, ctx: &Context, start: A, verb: Verb) -> Result<Plan, PipelineError> {
        let ctx = &ctx.for_run(start.label());
        self.register(ctx, verb)?;
        let host = ctx.run_state().host().to_owned();
        let mut plan = Plan::new(ctx.site().clone(), host, verb);
        let teardown = verb == Verb::PlanTeardown;
        let ahead = Ahead { seen: Seen::Here(start), changes: false, teardown };
        // Where the walk ended is of no use: nothing was brought about.
        let _ = self.walk(ctx, ahead, &mut plan).await;
        ctx.emit(|| EventKind::RunFinished { result: RunResult::Finished });
        Ok(plan)
    }

    fn begin(&self, ctx: &Context, verb: Verb) -> Result<(), Stopped> {
        self.register(ctx, verb).map_err(Stopped::invalid)
    }

    fn finish<T>(&self, ctx: &Context, end: Result<T, Halt>) -> Result<T, Stopped> {
        let result = match &end {
            Ok(_) => RunResult::Finished,
            Err(halt) => {
                self.emit_rest(ctx, halt);
                RunResult::Stopped { at: halt.at.clone(), because: halt.because() }
            }
        };
        ctx.emit(|| EventKind::RunFinished { result });
        end.map_err(|halt| halt.into_stopped(ctx.run_state().take_records()))
    }

    /// Tells whoever follows what came of the step that stopped the run, and of those behind it.
    fn emit_rest(&self, ctx: &Context, halt: &Halt) {
        if !ctx.events().is_followed() {
            return;
        }
        let over = |record| EventKind::StepFinished { record };
        ctx.emit(|| over(StepRecord::new(halt.at.clone(), halt.result(), halt.because())));
        let done = ctx.run_state().recorded();
        let rest = self.steps().into_iter().filter(|s| s.id != halt.at && !done.contains(&s.id));
        for step in rest {
            ctx.emit(|| over(StepRecord::new(step.id, StepResult::NotRun, "")));
        }
    }

    fn register(&self, ctx: &Context, verb: Verb) -> Result<(), PipelineError> {
        let steps = self.steps();
        let claims = check(&steps, ctx.run_state().host())?;
        let unbound = steps.iter().filter(|step| step.kind == StepKind::LateBound).count();
        ctx.run_state().scope(|scope| (scope.claims, scope.unbound) = (claims, unbound));
        ctx.emit(|| {
            let headings = steps.iter().map(|s| StepHeading { id: s.id.clone(), kind: s.kind });
            EventKind::RunStarted { verb, steps: headings.collect() }
        });
        Ok(())
    }
}

fn check(steps: &[StepInfo], host: &str) -> Result<Claims, PipelineError> {
    let mut names = HashSet::with_capacity(steps.len());
    if let Some(again) = steps.iter().find(|step| !names.insert(&step.id)) {
        return Err(PipelineError::SameStep(again.id.clone()));
    }
    let on_host = |claim: &crate::Claim| claim.clone().on(host);
    let bound: Vec<_> = steps
        .iter()
        .filter(|step| !step.claims.is_empty() || !step.releases.is_empty())
        .map(|step| StepInfo {
            claims: step.claims.iter().map(on_host).collect(),
            releases: step.releases.iter().map(on_host).collect(),
            ..step.clone()
        })
        .collect();
    Ok(Claims::check(&bound)?)
}
