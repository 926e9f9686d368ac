//! How packages are looked at, installed and removed.

use async_trait::async_trait;
use futures_util::future::try_join_all;
use harmony_phases::{
    Context, InterpretError, Status, ValidationReport,
    ownership::{Custody, Mark, Standing},
    score::Detail,
};

use super::{
    PackageChange, PackageManager, PackageName, PackageScore, PackageState, Transaction,
    WantedPackage,
};
use crate::host::{
    HostError,
    upkeep::{Upkeep, change},
};

/// What a look at packages finds.
#[derive(Debug)]
pub(in crate::host) struct Found {
    /// Those that shall be there, those of roles included.
    present: Vec<(WantedPackage, PackageState)>,
    /// Those that shall not be there.
    absent: Vec<(PackageName, PackageState)>,
}

#[async_trait]
impl<T: PackageManager> Upkeep<T> for PackageScore {
    type Found = Found;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<Found, InterpretError> {
        let mut wanted = self.present.clone();
        for role in &self.roles {
            for name in on.packages_for(*role)? {
                if !wanted.iter().any(|there| there.name == name) {
                    wanted.push(WantedPackage { name, version: None, held: None });
                }
            }
        }
        let names = wanted.iter().map(|wanted| &wanted.name).chain(&self.absent);
        let mut states = try_join_all(names.map(|name| on.package(name))).await?.into_iter();
        let present = wanted.into_iter().zip(states.by_ref()).collect();
        Ok(Found { present, absent: self.absent.iter().cloned().zip(states).collect() })
    }

    async fn forward(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        if let Some(reason) = found.obstacle() {
            return Ok(ValidationReport::blocked(reason));
        }
        let change = found.change(ctx, self.custody);
        if change.is_empty() {
            return Ok(ValidationReport::already_applied());
        }
        let planned = if change.touches_packages() {
            on.simulate(&change).await?
        } else {
            Transaction::default()
        };
        let details = details(&change, &planned);
        let report = match planned.unasked(&change) {
            Some(reason) => ValidationReport::blocked(reason),
            None if found.is_there() => ValidationReport::will_update(),
            None => ValidationReport::will_create(),
        };
        Ok(details.into_iter().fold(report, ValidationReport::detail))
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
        mark: &Mark,
    ) -> Result<(), HostError> {
        on.commit(ctx, &found.change(ctx, self.custody), mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        let change = found.removal(ctx);
        let staying = found.staying(ctx);
        if let Some((name, _)) = found.protected(ctx, self.custody) {
            let reason = format!("package {name} is protected: apply it without `protect` first");
            return Ok(ValidationReport::blocked(reason));
        }
        let report = if change.is_empty() {
            ValidationReport::already_applied()
        } else {
            let planned = on.simulate(&change).await?;
            let report = match planned.unasked(&change) {
                Some(reason) => ValidationReport::blocked(reason),
                None => ValidationReport::will_delete(),
            };
            details(&change, &planned).into_iter().fold(report, ValidationReport::detail)
        };
        // What is left of it after a removal is no news.
        let told = report.status != Status::AlreadyApplied || !staying.is_empty();
        Ok(if told { staying.into_iter().fold(report, ValidationReport::note) } else { report })
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<Option<String>, HostError> {
        let mark = Mark::new(ctx.site().clone(), "").schema(Self::SCHEMA);
        on.commit(ctx, &found.removal(ctx), &mark).await.map(|()| None)
    }
}

impl Found {
    /// Why what is wanted must not be.
    fn obstacle(&self) -> Option<String> {
        let mut held = self.present.iter().filter(|(wanted, state)| {
            state.held
                && wanted.held != Some(true)
                && wanted.differs(state)
                && state.installed.is_some()
        });
        let kept = self.absent.iter().find(|(_, state)| state.held && state.installed.is_some());
        let name =
            held.next().map(|(wanted, _)| &wanted.name).or_else(|| kept.map(|(name, _)| name))?;
        Some(format!(
            "package {name} is held, so that nobody changes it: release it on the host, or say `held` and the version"
        ))
    }

    /// Whether all that shall be there is there, in whatever version.
    fn is_there(&self) -> bool {
        self.present.iter().all(|(_, state)| state.installed.is_some())
    }

    /// What has to be different.
    fn change(&self, ctx: &Context, custody: Custody) -> PackageChange {
        let mut change = PackageChange::default();
        for (wanted, state) in &self.present {
            let name = &wanted.name;
            let installs = wanted.differs(state);
            if installs {
                change.install.push((name.clone(), wanted.version.clone()));
            } else if to_be_marked(ctx, state, custody) {
                change.adopt.push(name.clone());
            }
            if state.held && (wanted.held == Some(false) || installs) {
                change.release.push(name.clone());
            }
            if wanted.held == Some(true) && (!state.held || installs) {
                change.hold.push(name.clone());
            }
        }
        let there = self.absent.iter().filter(|(_, state)| state.installed.is_some());
        change.remove = there.map(|(name, _)| name.clone()).collect();
        change
    }

    /// What a teardown removes: what is there and carries the site's mark.
    fn removal(&self, ctx: &Context) -> PackageChange {
        let ours = self.ours(ctx).map(|(wanted, _)| wanted.name.clone());
        let held = self.ours(ctx).filter(|(_, state)| state.held);
        PackageChange {
            remove: ours.collect(),
            release: held.map(|(wanted, _)| wanted.name.clone()).collect(),
            ..PackageChange::default()
        }
    }

    fn ours(&self, ctx: &Context) -> impl Iterator<Item = &(WantedPackage, PackageState)> {
        self.present.iter().filter(|(_, state)| {
            state.installed.is_some() && Standing::of(state.mark.clone(), ctx.site()).is_ours()
        })
    }

    fn protected(&self, ctx: &Context, custody: Custody) -> Option<(&PackageName, &PackageState)> {
        let guarded = |state: &PackageState| {
            custody.protect || state.mark.as_ref().is_some_and(|mark| mark.protect)
        };
        self.ours(ctx)
            .find(|(_, state)| guarded(state))
            .map(|(wanted, state)| (&wanted.name, state))
    }

    /// What a teardown leaves, and why.
    fn staying(&self, ctx: &Context) -> Vec<String> {
        let there = self.present.iter().filter(|(_, state)| state.installed.is_some());
        let standing =
            there.map(|(wanted, state)| (wanted, Standing::of(state.mark.clone(), ctx.site())));
        let others = standing.filter(|(_, standing)| !standing.is_ours());
        others
            .map(|(wanted, standing)| {
                format!("package {} {standing}: it is left in place", wanted.name)
            })
            .collect()
    }
}

impl WantedPackage {
    /// Whether it has to be installed, again or in another version.
    fn differs(&self, state: &PackageState) -> bool {
        let Some(installed) = &state.installed else { return true };
        state.broken || self.version.as_ref().is_some_and(|version| version != installed)
    }
}

/// Whether a package that is there as wanted shall carry another mark.
fn to_be_marked(ctx: &Context, state: &PackageState, custody: Custody) -> bool {
    match Standing::of(state.mark.clone(), ctx.site()) {
        Standing::Foreign => custody.adopt,
        Standing::OfAnotherSite(_) => false,
        Standing::Ours(mark) => mark.protect != custody.protect,
    }
}

impl Transaction {
    /// A refusal that names what would be removed without anybody having asked for it.
    pub(crate) fn unasked(&self, change: &PackageChange) -> Option<String> {
        let asked = |name: &String| change.remove.iter().any(|wanted| wanted.as_str() == name);
        let unasked = self.removes.iter().filter(|(name, _)| !asked(name));
        let names: Vec<_> = unasked.map(|(name, version)| format!("{name} {version}")).collect();
        if names.is_empty() {
            return None;
        }
        Some(format!(
            "it would also remove {}, which nobody asked for: say `absent` for that too, or leave this out",
            names.join(", ")
        ))
    }
}

/// What a change does, in the words of a plan.
fn details(asked: &PackageChange, planned: &Transaction) -> Vec<Detail> {
    let installs =
        planned.installs.iter().map(|(name, version)| format!("install {name} {version}"));
    let upgrades =
        planned.upgrades.iter().map(|(name, from, to)| format!("replace {name} {from} by {to}"));
    let removes = planned.removes.iter().map(|(name, version)| format!("remove {name} {version}"));
    let of = |verb: &'static str, names: &'_ [PackageName]| {
        names.iter().map(move |name| format!("{verb} {name}")).collect::<Vec<_>>()
    };
    let notes = installs.chain(upgrades).chain(removes);
    let marked =
        asked.adopt.iter().map(|name| change(name.as_str(), "not marked so", "marked as ours"));
    let notes = notes.chain(of("release", &asked.release)).chain(of("hold", &asked.hold));
    notes.map(Detail::Note).chain(marked).collect()
}
