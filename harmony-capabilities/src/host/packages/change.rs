use harmony_phases::ownership::Mark;
use serde::{Deserialize, Serialize};

use super::PackageName;

/// What a host has of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageState {
    /// The version that is installed.
    pub installed: Option<String>,
    /// Whether it is kept from being changed.
    pub held: bool,
    /// Whether an installation of it was cut short.
    pub broken: bool,
    /// The mark of who installed it.
    pub mark: Option<Mark>,
}

/// What shall be different about a host's packages, in this order: released, installed and removed at once, held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageChange {
    /// What shall no longer be kept from being changed.
    pub release: Vec<PackageName>,
    /// What shall be there, in a version (older than the installed one, too) or in any.
    pub install: Vec<(PackageName, Option<String>)>,
    /// What shall not be there.
    pub remove: Vec<PackageName>,
    /// What shall be kept from being changed.
    pub hold: Vec<PackageName>,
    /// What is there already, and shall carry the mark from now on.
    pub adopt: Vec<PackageName>,
}

impl PackageChange {
    /// Whether nothing shall be different.
    pub const fn is_empty(&self) -> bool {
        !self.touches_packages()
            && self.release.is_empty()
            && self.hold.is_empty()
            && self.adopt.is_empty()
    }

    /// Whether anything shall be installed or removed, so that a simulation can tell more.
    pub const fn touches_packages(&self) -> bool {
        !self.install.is_empty() || !self.remove.is_empty()
    }
}

/// What a change would do, or did, to all packages of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// What becomes installed, with its version.
    pub installs: Vec<(String, String)>,
    /// What is replaced by another version: name, from, to.
    pub upgrades: Vec<(String, String, String)>,
    /// What is removed, with its version.
    pub removes: Vec<(String, String)>,
}

impl Transaction {
    /// Whether nothing is touched.
    pub const fn is_empty(&self) -> bool {
        self.installs.is_empty() && self.upgrades.is_empty() && self.removes.is_empty()
    }
}
