//! Load balancing: one address and port in front of several servers.

mod backend;
mod frontend;
mod health;
mod healthy;
mod role;
mod score;

pub use backend::{Backend, Balance, Server};
pub use frontend::Frontend;
pub use health::{HealthCheck, HttpPath, Probe, ServerHealth};
pub use healthy::HealthyServerScore;
pub use role::{LoadBalancer, OffersLoadBalancer};
pub use score::LoadBalancerScore;
