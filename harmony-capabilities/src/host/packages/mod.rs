//! Packages.

mod change;
mod name;
mod role;

pub use change::{PackageChange, PackageState, Transaction};
pub use name::{PackageName, PackageRole};
pub use role::{OffersPackageManager, PackageManager};
