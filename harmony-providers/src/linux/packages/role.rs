//! The role of a package manager.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use harmony_capabilities::host::{
    HostError, HostErrorKind, PackageChange, PackageManager, PackageName, PackageRole,
    PackageState, Transaction,
};
use harmony_phases::Context;
use harmony_phases::ownership::Mark;

use super::States;
use super::fault::{Fault, FaultKind};
use super::names::names;
use super::survey::{Index, Survey, survey};
use super::tool::{Tool, tool};
use super::wish::Wish;
use crate::linux::Linux;
use crate::linux::marks::Marked;

#[async_trait]
impl PackageManager for Linux {
    async fn package(&self, name: &PackageName) -> Result<PackageState, HostError> {
        self.package_tool()?;
        Ok(self.reads().ask::<States>(name.clone()).await?.unwrap_or_default())
    }

    fn packages_for(&self, role: PackageRole) -> Result<Vec<PackageName>, HostError> {
        let distribution = &self.facts().distribution;
        let Some(family) = distribution.family() else {
            let what = format!("tell which packages make up `{role}` in {}", distribution.id);
            return Err(HostError::new(HostErrorKind::Unsupported, what)
                .at(self.place())
                .remedy("name the packages themselves"));
        };
        // The names of the table are names, which its test shows.
        Ok(names(family, role).iter().filter_map(|name| name.parse().ok()).collect())
    }

    async fn simulate(&self, change: &PackageChange) -> Result<Transaction, HostError> {
        let tool = self.package_tool()?;
        let states = self.package_states(change).await?;
        let wish = self.wish(change, &states)?;
        if !wish.moves_packages() {
            return Ok(Transaction::default());
        }
        match self.simulated(tool, &wish).await? {
            Ok(transaction) => Ok(transaction),
            // It will be mended before the change; until then the tool tells no more than what was asked.
            Err(fault) if fault.kind == FaultKind::Interrupted => Ok(at_least(&wish, &states)),
            Err(fault) => Err(self.nothing_helps(tool, &wish, fault).await),
        }
    }

    async fn commit(
        &self,
        ctx: &Context,
        change: &PackageChange,
        mark: &Mark,
    ) -> Result<(), HostError> {
        self.commit_packages(ctx, change, mark).await
    }

    async fn marked_packages(&self) -> Result<Vec<(PackageName, Mark)>, HostError> {
        let marked = self.marked(Marked::Package).await?;
        let named = |(name, mark): (String, Mark)| Some((name.parse().ok()?, mark));
        Ok(marked.into_iter().filter_map(named).collect())
    }
}

impl Linux {
    /// The tool of this host.
    pub(super) fn package_tool(&self) -> Result<&'static dyn Tool, HostError> {
        self.facts().package_tool.map(tool).ok_or_else(|| {
            let name = &self.facts().distribution.pretty_name;
            HostError::new(HostErrorKind::Unsupported, format!("manage the packages of {name}"))
                .at(self.place())
                .remedy("it has none of apt, dnf, zypper and pacman: install with a command")
        })
    }

    /// How all packages of a change stand, in one round trip.
    pub(super) async fn package_states(
        &self,
        change: &PackageChange,
    ) -> Result<HashMap<PackageName, PackageState>, HostError> {
        let installs = change.install.iter().map(|(name, _)| name);
        let others = change.remove.iter().chain(&change.hold).chain(&change.release);
        let asked = installs.chain(others).chain(&change.adopt).map(|name| async move {
            Ok::<_, HostError>((name.clone(), self.package(name).await?))
        });
        Ok(try_join_all(asked).await?.into_iter().collect())
    }

    /// What is left to do of a change.
    pub(super) fn wish(
        &self,
        change: &PackageChange,
        states: &HashMap<PackageName, PackageState>,
    ) -> Result<Wish, HostError> {
        Wish::of(change, states).map_err(|why| {
            HostError::new(HostErrorKind::Invalid, "change packages")
                .at(self.place())
                .caused_by(why)
        })
    }

    /// Refuses to hold where nothing can be held.
    pub(super) fn can_hold(&self, wish: &Wish, seen: &Survey) -> Result<(), HostError> {
        match &seen.no_holds {
            Some(why) if !wish.hold.is_empty() || !wish.release.is_empty() => {
                Err(self.package_error(HostErrorKind::Unsupported, wish).remedy(why))
            }
            _ => Ok(()),
        }
    }

    /// What a change would do: by the host's index, or by a new one where the host's does not tell.
    async fn simulated(
        &self,
        tool: &dyn Tool,
        wish: &Wish,
    ) -> Result<Result<Transaction, Fault>, HostError> {
        use FaultKind::{BrokenIndex, StaleIndex, UnknownPackage};
        let seen = survey(self, tool, wish, Some(Index::Host)).await?;
        self.can_hold(wish, &seen)?;
        let untold = match &seen.simulated {
            _ if seen.damaged => true,
            Ok(_) => seen.index.is_stale(),
            Err(fault) => matches!(fault.kind, BrokenIndex | StaleIndex | UnknownPackage),
        };
        if !untold || wish.install.is_empty() {
            return Ok(seen.simulated);
        }
        let scratch = survey(self, tool, wish, Some(Index::Scratch)).await?.simulated;
        Ok(if scratch.is_err() && seen.simulated.is_ok() { seen.simulated } else { scratch })
    }

    pub(super) fn package_error(&self, kind: HostErrorKind, wish: &Wish) -> HostError {
        let (action, object) = wish.title();
        HostError::new(kind, format!("{action} {object}")).at(self.place())
    }

    pub(super) fn package_fault(&self, tool: &dyn Tool, wish: &Wish, fault: Fault) -> HostError {
        let (action, object) = wish.title();
        let wrong_time = fault.kind == FaultKind::Clock;
        let error = fault.into_error(&format!("{action} {object}"), tool.name(), &self.place());
        if wrong_time { error.remedy(self.right_time(tool)) } else { error }
    }

    /// What to do about an index that is not valid at the time of the host.
    fn right_time(&self, tool: &dyn Tool) -> String {
        /// Rather more than what a source may be ahead of all others, and than a slow answer takes.
        const TOLERABLE: Duration = Duration::from_secs(30);
        let clock = self.facts().clock_ahead;
        if clock.by > TOLERABLE {
            return format!("its clock is {clock} ours: set it, as by `timedatectl set-ntp true`");
        }
        let tool = tool.name();
        format!("its clock agrees with ours, so the index is wrong: look at the sources of {tool}")
    }

    pub(super) fn place(&self) -> String {
        self.commands().place()
    }
}

/// What was asked for, without what it brings along.
fn at_least(wish: &Wish, states: &HashMap<PackageName, PackageState>) -> Transaction {
    let known = |name| states.get(name).and_then(|state| state.installed.clone());
    let version = |name, version: &Option<String>| {
        version.clone().or_else(|| known(name)).unwrap_or_else(|| "the newest".into())
    };
    let installs = wish.install.iter().map(|(name, it)| (name.to_string(), version(name, it)));
    let removes = wish
        .remove
        .iter()
        .map(|name| (name.to_string(), known(name).unwrap_or_else(|| "in part".into())));
    Transaction { installs: installs.collect(), upgrades: Vec::new(), removes: removes.collect() }
}
