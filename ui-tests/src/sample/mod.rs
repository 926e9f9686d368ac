//! A small site: its roles, phases, transitions and scores.

pub mod appliance;
pub mod roles;
pub mod scores;
mod simulated;
pub mod site;
pub mod verbs;

pub use scores::{DhcpScore, DnsScore, HelmScore, IngressScore};
pub use simulated::Simulated;
pub use verbs::{ConfigureNetwork, Connect, FormCluster, InstallAppliance, StartBootstrapNode};
