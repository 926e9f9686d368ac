//! Packages.

mod change;
mod keep;
mod name;
mod role;
mod score;

use harmony_phases::Claim;

pub use change::{PackageChange, PackageState, Transaction};
pub use name::{PackageName, PackageRole};
pub use role::{OffersPackageManager, PackageManager};
pub use score::{PackageFields, PackageScore, PackageScoreBuilder, WantedPackage};

/// What stands for a package.
pub(super) fn claim(name: &PackageName) -> Claim {
    Claim::object("package", name.as_str())
}
