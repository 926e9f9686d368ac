//! How far a host is on its way.

use futures_util::future::try_join_all;
use harmony_capabilities::host::{HostError, User};
use harmony_phases::Context;
use harmony_types::SiteName;

use super::daemons::Daemons;
use super::install_kvm::InstallKvm;
use super::modules::Module;
use super::packages::{self, Packages};
use super::roles::{Bare, named};

/// Everything that was looked at, on the host itself.
#[derive(Debug)]
pub(super) struct Survey {
    /// None where the distribution's packages are not known.
    pub(super) packages: Option<Packages>,
    /// Why they are not.
    pub(super) unknown: Option<HostError>,
    pub(super) module: Option<Module>,
    pub(super) daemons: Daemons,
    /// Users who shall be let in and are not yet.
    pub(super) outside: Vec<User>,
}

impl Survey {
    /// Looks at all of it; on a host that gathers looks, in few round trips.
    pub(super) async fn take(
        host: &impl Bare,
        wanted: &InstallKvm,
        site: &SiteName,
    ) -> Result<Self, HostError> {
        let module = async { if wanted.uses_kvm() { Module::look(host).await } else { Ok(None) } };
        let roles = wanted.roles();
        let packages = async {
            match Packages::look(host, site, &roles).await {
                Ok(packages) => Ok((Some(packages), None)),
                Err(error) if packages::is_unknown(&error) => Ok((None, Some(error))),
                Err(error) => Err(error),
            }
        };
        let outside = outside(host, wanted);
        let ((packages, unknown), module, daemons, outside) =
            tokio::try_join!(packages, module, Daemons::look(host), outside)?;
        Ok(Self { packages, unknown, module, daemons, outside })
    }

    /// What keeps a host from being recognised although libvirt may answer: all that is missing
    /// where this site began to install it, and what was asked for beyond that in any case.
    pub(super) fn missing(&self, wanted: &InstallKvm, site: &SiteName) -> Vec<String> {
        let mut missing = Vec::new();
        if self.is_ours(site) {
            if let Some(packages) = self.packages.as_ref().filter(|it| !it.missing.is_empty()) {
                missing.push(format!("not installed: {}", packages::list(&packages.missing)));
            }
            missing.extend(self.module.iter().flat_map(|it| it.missing(wanted.nested)));
            missing.extend(
                self.daemons.due().iter().map(|(unit, action)| format!("{action} {unit} is due")),
            );
        } else {
            let broken = self.packages.as_ref().filter(|it| !it.broken.is_empty());
            missing
                .extend(broken.map(|it| format!("half installed: {}", packages::list(&it.broken))));
            missing.extend(self.module.as_ref().and_then(|it| it.without_nesting(wanted.nested)));
        }
        missing.extend(
            self.outside.iter().map(|user| format!("{} may not manage machines", user.name)),
        );
        missing
    }

    /// Whether libvirt can only begin to listen when its packages are set up, with nothing left to be done by then
    /// for machines to run.
    pub(super) fn listens_once_installed(&self, wanted: &InstallKvm) -> bool {
        let installs = self.packages.as_ref().is_some_and(|it| !it.missing.is_empty());
        let runs = self.module.as_ref().is_none_or(|it| it.runs(wanted.nested));
        installs && runs && self.daemons.are_absent()
    }

    /// Whether this site began to install it.
    fn is_ours(&self, site: &SiteName) -> bool {
        self.packages.as_ref().is_some_and(|it| it.ours)
            || self.module.as_ref().is_some_and(|it| it.is_ours(site))
    }

    /// What forbids the work, as far as this survey shows it. What the packages would remove is only looked for where
    /// there is something to be told anyway: their installation refuses that before it touches anything.
    pub(super) async fn obstacles(&self, host: &impl Bare) -> Result<Vec<String>, HostError> {
        let masked = self.daemons.masked();
        let mut found: Vec<String> =
            masked.iter().map(|unit| format!("somebody masked {unit}")).collect();
        match (&self.packages, &self.unknown) {
            (Some(packages), _) if !found.is_empty() => {
                found.extend(packages.obstacle(host).await?);
            }
            (None, Some(error)) => found.push(error.to_string()),
            _ => {}
        }
        Ok(found)
    }

    /// Lets in who shall be.
    pub(super) async fn let_in(&self, ctx: &Context, host: &impl Bare) -> Result<(), HostError> {
        for user in &self.outside {
            host.ensure_user(ctx, user, &ctx.mark()).await?;
        }
        Ok(())
    }
}

async fn outside(host: &impl Bare, wanted: &InstallKvm) -> Result<Vec<User>, HostError> {
    let states = try_join_all(wanted.members.iter().map(|user| host.user(user))).await?;
    let mut outside = Vec::new();
    for (name, state) in wanted.members.iter().zip(states) {
        let inside =
            state.is_some_and(|state| state.groups.iter().any(|group| group == InstallKvm::GROUP));
        if !inside {
            let (name, groups) = (name.clone(), vec![named(InstallKvm::GROUP)?]);
            outside.push(User { name, groups, uid: None, home: None, shell: None, system: false });
        }
    }
    Ok(outside)
}
