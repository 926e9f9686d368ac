//! The packages of a KVM host.

use futures_util::future::try_join_all;
use harmony_capabilities::host::{
    HostError, HostErrorKind, PackageChange, PackageName, PackageRole,
};
use harmony_phases::{BoxError, Context};
use harmony_types::SiteName;

use super::equip::Unfit;
use super::roles::Bare;

/// How the packages stand.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// Those that are not installed, or not wholly.
    pub(super) missing: Vec<PackageName>,
    /// Those among them whose installation was cut short.
    pub(super) broken: Vec<PackageName>,
    /// Whether this site installed some, or began to.
    pub(super) ours: bool,
}

impl Packages {
    /// Looks at the packages that play `roles`.
    ///
    /// # Errors
    /// With kind `Unsupported` where the distribution's names for them are not known.
    pub(super) async fn look(
        host: &impl Bare,
        site: &SiteName,
        roles: &[PackageRole],
    ) -> Result<Self, HostError> {
        let mut names = Vec::new();
        for role in roles {
            names.extend(host.packages_for(*role)?);
        }
        names.sort();
        names.dedup();
        let states = try_join_all(names.iter().map(|name| host.package(name))).await?;
        let mut packages = Self::default();
        for (name, state) in names.into_iter().zip(states) {
            packages.ours |= state.mark.is_some_and(|mark| mark.site == *site);
            if state.broken {
                packages.broken.push(name.clone());
            }
            if state.installed.is_none() || state.broken {
                packages.missing.push(name);
            }
        }
        Ok(packages)
    }

    /// What installing them would do to other packages, where that is more than adding some.
    pub(super) async fn obstacle(&self, host: &impl Bare) -> Result<Option<String>, HostError> {
        if self.missing.is_empty() || !self.broken.is_empty() {
            return Ok(None);
        }
        let transaction = host.simulate(&self.change()).await?;
        let removed: Vec<&str> =
            transaction.removes.iter().map(|(name, _)| name.as_str()).collect();
        Ok((!removed.is_empty()).then(|| {
            format!("installing it would remove {}: remove them yourself first", removed.join(", "))
        }))
    }

    /// Installs what is missing.
    ///
    /// # Errors
    /// [`Unfit`], with nothing touched, where that would remove others.
    pub(super) async fn install(&self, ctx: &Context, host: &impl Bare) -> Result<(), BoxError> {
        if self.missing.is_empty() {
            return Ok(());
        }
        ctx.note(format!("installing {}", list(&self.missing)));
        match host.commit(ctx, &self.change(), &ctx.mark()).await {
            Err(error) if error.kind() == HostErrorKind::Blocked => {
                let obstacles =
                    vec![self.obstacle(host).await?.unwrap_or_else(|| error.to_string())];
                Err(Unfit { host: host.place(), obstacles }.into())
            }
            done => Ok(done?),
        }
    }

    fn change(&self) -> PackageChange {
        let install = self.missing.iter().map(|name| (name.clone(), None)).collect();
        PackageChange { install, ..PackageChange::default() }
    }
}

/// Whether a failed look only means that this distribution's packages are not known.
pub(super) fn is_unknown(error: &HostError) -> bool {
    error.kind() == HostErrorKind::Unsupported
}

pub(super) fn list(names: &[PackageName]) -> String {
    names.iter().map(PackageName::as_str).collect::<Vec<_>>().join(", ")
}
