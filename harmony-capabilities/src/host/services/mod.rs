//! Services.

mod role;
mod state;
mod unit;

pub use role::{OffersServiceManager, ServiceManager};
pub use state::{Activity, Enablement, ServiceAction, ServiceState};
pub use unit::UnitName;
