//! Names that nobody else uses, and that are swept when the test ends.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use super::virsh;

/// A prefix for the names of domains, networks and pools of one test.
///
/// When it is dropped, everything on its connection whose name begins with the prefix is removed,
/// whether the test passed or not.
#[derive(Debug)]
pub struct Namespace {
    uri: String,
    prefix: String,
}

impl Namespace {
    /// A prefix that no other test of this machine uses, for objects on the connection `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { uri: uri.into(), prefix: format!("e{}x{number}-", process::id()) }
    }

    /// The connection the names live on.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// What every name begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The full name of `name`.
    pub fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Removes everything whose name begins with the prefix, now.
    ///
    /// # Errors
    /// When something of it cannot be listed.
    pub fn sweep(&self) -> Result<()> {
        for domain in self.listed(&["list", "--all", "--name"])? {
            self.attempt(&["destroy", &domain]);
            self.attempt(&[
                "undefine",
                "--nvram",
                "--managed-save",
                "--snapshots-metadata",
                &domain,
            ]);
        }
        for network in self.listed(&["net-list", "--all", "--name"])? {
            self.attempt(&["net-destroy", &network]);
            self.attempt(&["net-undefine", &network]);
        }
        for pool in self.listed(&["pool-list", "--all", "--name"])? {
            self.attempt(&["pool-destroy", &pool]);
            self.attempt(&["pool-undefine", &pool]);
        }
        Ok(())
    }

    fn listed(&self, args: &[&str]) -> Result<Vec<String>> {
        let names = virsh(&self.uri, args)?;
        let ours = names.lines().map(str::trim).filter(|name| name.starts_with(&self.prefix));
        Ok(ours.map(str::to_owned).collect())
    }

    /// What cannot be removed (an inactive domain is not destroyed) is no failure of the test.
    fn attempt(&self, args: &[&str]) {
        if let Err(error) = virsh(&self.uri, args) {
            log::debug!("sweeping {}: {error}", self.prefix);
        }
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        if let Err(error) = self.sweep() {
            log::warn!("sweeping {}: {error}", self.prefix);
        }
    }
}
