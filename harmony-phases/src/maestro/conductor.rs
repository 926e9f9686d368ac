//! Running pipelines on one system.

use super::Repertoire;
use crate::{
    Context, Pipeline, Plan, Resting, Stopped,
    pipeline::{Finished, PipelineError, TornDown},
};

/// Runs pipelines and registered scores with one context.
///
/// ```
/// use harmony_phases::{Context, Maestro};
/// let maestro = Maestro::new(Context::for_site("lab".parse()?));
/// assert_eq!(maestro.context().site().as_str(), "lab");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Maestro {
    ctx: Context,
}

impl Maestro {
    /// A maestro that lends `ctx` to its runs.
    pub const fn new(ctx: Context) -> Self {
        Self { ctx }
    }

    /// What it lends to its runs.
    pub const fn context(&self) -> &Context {
        &self.ctx
    }

    /// Looks what [`execute`](Self::execute) would do.
    ///
    /// # Errors
    /// The pipeline itself is wrong.
    pub async fn plan<A: Resting, B: Resting>(
        &self,
        pipeline: &Pipeline<A, B>,
        start: A,
    ) -> Result<Plan, PipelineError> {
        pipeline.plan(&self.ctx, start).await
    }

    /// Brings the system about, or goes on where an earlier run stopped.
    ///
    /// # Errors
    /// Where it stopped, what was done by then, and why.
    pub async fn execute<A: Resting, B: Resting>(
        &self,
        pipeline: &Pipeline<A, B>,
        start: A,
    ) -> Result<Finished<B>, Stopped> {
        pipeline.execute(&self.ctx, start).await
    }

    /// Looks what [`teardown`](Self::teardown) would do.
    ///
    /// # Errors
    /// The pipeline itself is wrong.
    pub async fn plan_teardown<A: Resting, B: Resting>(
        &self,
        pipeline: &Pipeline<A, B>,
        start: A,
    ) -> Result<Plan, PipelineError> {
        pipeline.plan_teardown(&self.ctx, start).await
    }

    /// Takes down what the pipeline built.
    ///
    /// # Errors
    /// Where it stopped, what was done by then, and why.
    pub async fn teardown<A: Resting, B: Resting>(
        &self,
        pipeline: &Pipeline<A, B>,
        start: A,
    ) -> Result<TornDown<A>, Stopped> {
        pipeline.teardown(&self.ctx, start).await
    }

    /// Registers scores by name on a topology that was advanced by hand.
    pub fn on<T: Resting>(&self, topology: T) -> Repertoire<T> {
        Repertoire::new(self.ctx.clone(), topology)
    }
}
