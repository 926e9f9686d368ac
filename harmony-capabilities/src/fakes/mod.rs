//! In-memory players of the roles, with faults put in their way.
//!
//! A fake keeps a world that changes only through [`Context::effect`](harmony_phases::Context::effect)
//! and writes down what really happened to it, so that a test can tell what was *done* from what was
//! *said*. A [`FaultPlan`] decides which calls fail, hang, lie, or arrive twice.

mod faults;
mod host;
mod hypervisor;
mod site;

pub use faults::{Fault, FaultPlan, Struck};
pub use host::{HostContents, OfferedPackage, SimulatedHost, SimulatedProgram};
pub use hypervisor::SimulatedHypervisor;
pub use site::{
    Happening, MachineLook, MachineRole, Services, SimulatedCluster, SimulatedGateway,
    SimulatedMachine, SimulatedSite, SiteLook,
};
