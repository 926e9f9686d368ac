//! Packages: a small world of versions, needs and exclusions.

use std::collections::BTreeSet;

use async_trait::async_trait;
use harmony_phases::{Context, Intent, ownership::Mark};

use super::{HostContents, SimulatedHost};
use crate::host::{
    HostError, HostErrorKind, PackageChange, PackageManager, PackageName, PackageRole,
    PackageState, Transaction,
};

#[async_trait]
impl PackageManager for SimulatedHost {
    async fn package(&self, name: &PackageName) -> Result<PackageState, HostError> {
        self.look(&format!("look at package {name}"), |world| {
            Ok(world.contents.packages.get(name).cloned().unwrap_or_default())
        })
        .await
    }

    fn packages_for(&self, role: PackageRole) -> Result<Vec<PackageName>, HostError> {
        let names: &[&str] = match role {
            PackageRole::Dnsmasq => &["dnsmasq-base"],
            PackageRole::Kvm => &["qemu-system-x86", "qemu-utils"],
            PackageRole::Libvirt => &["libvirt-daemon-system", "libvirt-clients"],
            PackageRole::UefiFirmware => &["ovmf"],
        };
        let parsed = names.iter().map(|name| name.parse());
        let invalid = || HostError::new(HostErrorKind::Invalid, "name the packages of a role");
        parsed.collect::<Result<_, _>>().map_err(|error| invalid().caused_by(error))
    }

    async fn simulate(&self, change: &PackageChange) -> Result<Transaction, HostError> {
        self.look("simulate", |world| world.contents.clone().transact(change, None)).await
    }

    async fn commit(
        &self,
        ctx: &Context,
        change: &PackageChange,
        mark: &Mark,
    ) -> Result<(), HostError> {
        if let Some(reason) = self.simulate(change).await?.unasked(change) {
            let what = format!("change packages {}", spell(change));
            return Err(HostError::new(HostErrorKind::Blocked, what).remedy(reason));
        }
        self.change(ctx, Intent::new("change packages", spell(change)), |world| {
            world.contents.transact(change, Some(mark)).map(drop)
        })
        .await
    }

    async fn marked_packages(&self) -> Result<Vec<(PackageName, Mark)>, HostError> {
        self.look("list marked packages", |world| {
            let packages = world.contents.packages.iter();
            Ok(packages
                .filter_map(|(name, state)| Some((name.clone(), state.mark.clone()?)))
                .collect())
        })
        .await
    }
}

/// A change in a few words.
fn spell(change: &PackageChange) -> String {
    let installs = change.install.iter().map(|(name, _)| format!("+{name}"));
    let removes = change.remove.iter().map(|name| format!("-{name}"));
    installs.chain(removes).collect::<Vec<_>>().join(" ")
}

impl HostContents {
    /// Makes a change, and says what came of it.
    fn transact(
        &mut self,
        change: &PackageChange,
        mark: Option<&Mark>,
    ) -> Result<Transaction, HostError> {
        let before = self.packages.clone();
        for name in &change.release {
            self.held(name, false);
        }
        for (name, version) in &change.install {
            self.install_with_needs(name, version.as_ref(), mark, &mut BTreeSet::new())?;
        }
        for name in &change.remove {
            self.remove_with_dependents(name);
        }
        for name in &change.hold {
            self.held(name, true);
        }
        for name in &change.adopt {
            if let Some(state) = self.packages.get_mut(name) {
                state.mark = mark.cloned();
            }
        }
        Ok(self.difference(&before))
    }

    fn held(&mut self, name: &PackageName, held: bool) {
        if let Some(state) = self.packages.get_mut(name) {
            state.held = held;
        }
    }

    fn install_with_needs(
        &mut self,
        name: &PackageName,
        version: Option<&String>,
        mark: Option<&Mark>,
        under_way: &mut BTreeSet<PackageName>,
    ) -> Result<(), HostError> {
        if !under_way.insert(name.clone()) {
            return Ok(());
        }
        let unknown = || HostError::new(HostErrorKind::NotFound, format!("find package {name}"));
        let offered = self.repository.get(name).cloned().ok_or_else(unknown)?;
        for excluded in &offered.excludes {
            self.remove_with_dependents(excluded);
        }
        for need in &offered.needs {
            if self.packages.get(need).is_none_or(|state| state.installed.is_none()) {
                self.install_with_needs(need, None, None, under_way)?;
            }
        }
        let mut state = self.packages.get(name).cloned().unwrap_or_default();
        if state.installed.is_none() {
            state.mark = mark.cloned();
            for unit in offered.units {
                self.add_unit(
                    unit,
                    crate::host::Enablement::Enabled,
                    crate::host::Activity::Active,
                );
            }
        }
        state.installed = Some(version.cloned().unwrap_or(offered.version));
        state.broken = false;
        self.packages.insert(name.clone(), state);
        Ok(())
    }

    fn remove_with_dependents(&mut self, name: &PackageName) {
        if self.packages.remove(name).is_none() {
            return;
        }
        for unit in
            self.repository.get(name).map(|offered| offered.units.clone()).unwrap_or_default()
        {
            self.services.remove(&unit);
        }
        let needs = |other: &&PackageName| {
            self.repository.get(*other).is_some_and(|offered| offered.needs.contains(name))
        };
        let dependents: Vec<_> = self.packages.keys().filter(needs).cloned().collect();
        for dependent in dependents {
            self.remove_with_dependents(&dependent);
        }
    }

    fn difference(
        &self,
        before: &std::collections::BTreeMap<PackageName, PackageState>,
    ) -> Transaction {
        let version = |state: &PackageState| state.installed.clone();
        let mut told = Transaction::default();
        for (name, state) in &self.packages {
            let Some(now) = version(state) else { continue };
            match before.get(name).and_then(version) {
                None => told.installs.push((name.to_string(), now)),
                Some(then) if then != now => told.upgrades.push((name.to_string(), then, now)),
                Some(_) => {}
            }
        }
        for (name, state) in before {
            if let (Some(then), None) = (version(state), self.packages.get(name).and_then(version))
            {
                told.removes.push((name.to_string(), then));
            }
        }
        told
    }
}
