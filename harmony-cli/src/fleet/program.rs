use std::fmt::Debug;

use harmony_capabilities::host::Facts;
use harmony_phases::{BoxError, Context, Pipeline, Resting, graph::PhaseGraph, inventory::Host};

/// A program over the hosts of an inventory: where each starts, and what it is brought to.
///
/// Whoever runs it says which inventory, which of its hosts, and how many at once.
///
/// ```no_run
/// use harmony_cli::FleetProgram;
/// use harmony_phases::{BoxError, Pipeline, Topology, inventory::Host, phases};
///
/// #[phases(any = AnyHouse)]
/// mod house {
///     #[start]
///     pub struct Declared {
///         pub address: String,
///     }
/// }
///
/// #[derive(Debug, clap::Args)]
/// struct Street {}
///
/// impl FleetProgram for Street {
///     type Start = Topology<house::Declared>;
///     type End = Topology<house::Declared>;
///     const NAME: &'static str = "street";
///     const ABOUT: &'static str = "All houses of a street";
///
///     fn start(&self, host: &Host) -> Result<Self::Start, BoxError> {
///         let address = host.address.to_string();
///         Ok(Topology::new(host.name.as_str(), house::Declared { address }))
///     }
///
///     fn pipeline(&self, _: &Host) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
///         Ok(Pipeline::start())
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     harmony_cli::main_of_fleet::<Street>()
/// }
/// ```
pub trait FleetProgram: clap::Args + Debug + Send + Sync + 'static {
    /// Where the pipelines start.
    type Start: Resting;
    /// Where the pipelines end.
    type End: Resting;
    /// The program's name, which is also the site's unless the command line names another.
    const NAME: &'static str;
    /// One sentence for `--help`.
    const ABOUT: &'static str;

    /// Says where the pipeline of `host` starts, as a system with the host's name.
    ///
    /// # Errors
    /// What is wrong with the arguments, or with what the inventory says of the host.
    fn start(&self, host: &Host) -> Result<Self::Start, BoxError>;

    /// Builds the pipeline of `host`.
    ///
    /// # Errors
    /// What is wrong with the arguments, or with what the inventory says of the host.
    fn pipeline(&self, host: &Host) -> Result<Pipeline<Self::Start, Self::End>, BoxError>;

    /// Looks at `host` for the table of first contact (`hosts`); nothing, unless it is overridden.
    ///
    /// # Errors
    /// Why the host cannot be reached.
    fn contact(
        &self,
        ctx: &Context,
        host: &Host,
    ) -> impl Future<Output = Result<Option<Facts>, BoxError>> + Send {
        let _ = (ctx, host);
        async { Ok(None) }
    }

    /// Lists the phase modules that the pipelines walk through, for `graph`.
    fn graphs() -> Vec<PhaseGraph> {
        Vec::new()
    }
}
