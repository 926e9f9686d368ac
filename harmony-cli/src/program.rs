use std::fmt::Debug;

use harmony_phases::{BoxError, Pipeline, Resting, graph::PhaseGraph};

/// A program around one pipeline: its own arguments, where it starts, and what it brings about.
///
/// [`main`](crate::main) shows a whole one.
pub trait Program: clap::Args + Debug + Send + Sync + 'static {
    /// Where the pipeline starts.
    type Start: Resting;
    /// Where the pipeline ends.
    type End: Resting;
    /// The program's name, which is also the site's unless the command line names another.
    const NAME: &'static str;
    /// One sentence for `--help`.
    const ABOUT: &'static str;

    /// Says where the pipeline starts; called once for each walk along the pipeline.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    fn start(&self) -> Result<Self::Start, BoxError>;

    /// Builds the pipeline.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError>;

    /// Says in some lines how the system stands after an apply; nothing, unless it is overridden.
    ///
    /// # Errors
    /// A look that failed.
    fn status(&self, end: &Self::End) -> impl Future<Output = Result<String, BoxError>> + Send {
        let _ = end;
        async { Ok(String::new()) }
    }

    /// Lists the phase modules that the pipeline walks through, for `graph`.
    fn graphs() -> Vec<PhaseGraph> {
        Vec::new()
    }
}
