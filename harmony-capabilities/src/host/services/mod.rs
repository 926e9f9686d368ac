//! Services.

mod keep;
mod role;
mod score;
mod state;
mod unit;

pub use role::{OffersServiceManager, ServiceManager};
pub use score::{ServiceFields, ServiceScore, ServiceScoreBuilder};
pub use state::{Activity, Enablement, ServiceAction, ServiceState};
pub use unit::UnitName;
