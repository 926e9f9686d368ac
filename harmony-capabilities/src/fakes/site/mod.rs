//! A site in memory: a gateway that plays the network roles, machines that boot through it, and the cluster they form.

mod cluster;
mod gateway;
mod machines;
mod objects;
mod services;
mod simulated;
mod world;

pub use cluster::SimulatedCluster;
pub use gateway::SimulatedGateway;
pub use machines::{MachineLook, MachineRole, SimulatedMachine, SiteLook};
pub use services::Services;
pub use simulated::SimulatedSite;
pub use world::Happening;
