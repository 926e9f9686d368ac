//! What is done on the host itself, before libvirt is asked.

use harmony_phases::context::Unit;
use harmony_phases::{BoxError, Context};
use thiserror::Error;

use super::install_kvm::InstallKvm;
use super::roles::Bare;
use super::survey::Survey;

/// How many parts the whole work has.
pub(super) const PARTS: u64 = 5;

/// A host cannot be made a KVM host.
#[derive(Debug, Error)]
#[error("{host} cannot be made a KVM host: {}", .obstacles.join("; "))]
pub(super) struct Unfit {
    pub(super) host: String,
    pub(super) obstacles: Vec<String>,
}

impl InstallKvm {
    /// Looks whether it can be done; nothing is touched.
    pub(super) async fn prepare(
        &self,
        ctx: &Context,
        host: &impl Bare,
    ) -> Result<Survey, BoxError> {
        let survey = Survey::take(host, self, ctx.site()).await?;
        let mut obstacles = self.obstacles(host).await?;
        if obstacles.is_empty() {
            obstacles = survey.obstacles(host).await?;
        }
        if obstacles.is_empty() {
            return Ok(survey);
        }
        Err(Unfit { host: host.place(), obstacles }.into())
    }

    /// Does on the host what is missing there; each part looks anew at what the one before it may
    /// have changed.
    pub(super) async fn equip(
        &self,
        ctx: &Context,
        host: &impl Bare,
        survey: Survey,
    ) -> Result<(), BoxError> {
        let done = |parts| ctx.progress(parts, Some(PARTS), Unit::Items);
        done(0);
        if let Some(packages) = &survey.packages {
            packages.install(ctx, host).await?;
        }
        done(1);
        let survey = Survey::take(host, self, ctx.site()).await?;
        if let Some(module) = &survey.module {
            module.load(ctx, host, self.nested).await?;
        }
        done(2);
        survey.let_in(ctx, host).await?;
        survey.daemons.wake(ctx, host).await?;
        done(3);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::fakes::{Fault, OfferedPackage, SimulatedHost};
    use harmony_capabilities::host::{
        Activity, Enablement, ModuleState, PackageName, UnitName, UserName,
    };

    use super::*;

    const PACKAGES: [&str; 5] = [
        "qemu-system-x86",
        "qemu-utils",
        "libvirt-daemon-system",
        "libvirt-clients",
        "dnsmasq-base",
    ];
    const SOCKET: &str = "libvirtd.socket";

    fn ctx() -> Context {
        Context::for_site("lab".parse().unwrap())
    }

    fn package(name: &str) -> PackageName {
        name.parse().unwrap()
    }

    fn unit(name: &str) -> UnitName {
        name.parse().unwrap()
    }

    fn user() -> UserName {
        "deploy".parse().unwrap()
    }

    /// A host that can become one: its packages are to be had, and its processor has a module.
    fn bare() -> SimulatedHost {
        let host = SimulatedHost::new();
        host.meddle(|contents| {
            for name in PACKAGES {
                contents.offer(package(name), OfferedPackage::default());
            }
            let daemon = OfferedPackage {
                units: vec![unit("libvirtd.service"), unit("virtlogd.socket")],
                ..OfferedPackage::default()
            };
            contents.offer(package("libvirt-daemon-system"), daemon);
            contents.add_unit(unit(SOCKET), Enablement::Disabled, Activity::Inactive);
            let available = ModuleState { available: true, ..ModuleState::default() };
            contents.modules.insert("kvm_intel".parse().unwrap(), available);
            contents.add_user(user(), 1000);
        });
        host.add_program("sh", Box::new(|_, _| 10));
        host
    }

    fn wanted() -> InstallKvm {
        InstallKvm::new().let_in(user())
    }

    async fn install(host: &SimulatedHost, wanted: &InstallKvm) -> Result<(), BoxError> {
        let ctx = ctx();
        let survey = wanted.prepare(&ctx, host).await?;
        wanted.equip(&ctx, host, survey).await
    }

    async fn missing(host: &SimulatedHost, wanted: &InstallKvm) -> Vec<String> {
        let ctx = ctx();
        Survey::take(host, wanted, ctx.site()).await.unwrap().missing(wanted, ctx.site())
    }

    #[tokio::test]
    async fn a_bare_host_gets_what_is_missing_and_then_nothing_more() {
        let host = bare();
        install(&host, &wanted()).await.unwrap();
        let done: Vec<String> =
            host.history().into_iter().map(|it| format!("{} {}", it.action, it.object)).collect();
        let packages = "+dnsmasq-base +libvirt-clients +libvirt-daemon-system +qemu-system-x86 \
                        +qemu-utils";
        let expected = [
            format!("change packages {packages}"),
            "load module kvm_intel".to_owned(),
            "ensure user deploy".to_owned(),
            "enable service libvirtd.socket".to_owned(),
        ];
        assert_eq!(done, expected);
        assert_eq!(missing(&host, &wanted()).await, Vec::<String>::new());
        install(&host, &wanted()).await.unwrap();
        assert_eq!(host.history().len(), expected.len());
    }

    #[tokio::test]
    async fn one_that_was_cut_anywhere_is_not_taken_for_done_and_goes_on() {
        let whole = bare();
        install(&whole, &wanted()).await.unwrap();
        let goal = whole.contents().timeless();
        for step in 0..whole.faults().effects_seen() {
            for fault in [Fault::FailBefore, Fault::FailAfter] {
                let host = bare();
                host.faults().at_effect(step, fault);
                install(&host, &wanted()).await.unwrap_err();
                let left = host.contents().timeless();
                let seen = missing(&host, &wanted()).await;
                let bare_still = step == 0 && fault == Fault::FailBefore;
                assert!(!seen.is_empty() || left == goal || bare_still, "{step} {fault:?}");
                install(&host, &wanted()).await.unwrap();
                assert_eq!(host.contents().timeless(), goal, "{step} {fault:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_host_that_others_made_is_not_asked_for_our_settings() {
        let host = bare();
        host.meddle(|contents| contents.install(&package("libvirt-daemon-system")));
        assert_eq!(missing(&host, &InstallKvm::new()).await, Vec::<String>::new());
        let asked = missing(&host, &wanted().nested()).await.join("; ");
        assert!(asked.contains("kvm_intel does not nest"), "{asked}");
        assert!(asked.contains("deploy may not manage machines"), "{asked}");
    }

    #[tokio::test]
    async fn what_forbids_it_is_told_at_once_and_nothing_is_touched() {
        let host = bare();
        host.meddle(|contents| {
            let loaded = ModuleState { loaded: true, available: true, ..ModuleState::default() };
            contents.modules.insert("vboxdrv".parse().unwrap(), loaded);
            contents.users.clear();
        });
        let error = install(&host, &wanted()).await.unwrap_err().to_string();
        assert!(error.contains("VirtualBox has its module vboxdrv loaded"), "{error}");
        assert!(error.contains("no user deploy"), "{error}");
        assert!(host.history().is_empty());
    }

    /// A host where one of the packages does not go with another that is there.
    fn crowded() -> SimulatedHost {
        let host = bare();
        host.meddle(|contents| {
            let other = package("systemd-container");
            contents.offer(other.clone(), OfferedPackage::default());
            contents.install(&other);
            let excluding = OfferedPackage { excludes: vec![other], ..OfferedPackage::default() };
            contents.offer(package("qemu-utils"), excluding);
        });
        host
    }

    #[tokio::test]
    async fn a_removal_that_nobody_asked_for_forbids_it() {
        let host = crowded();
        let error = install(&host, &wanted()).await.unwrap_err();
        assert!(error.is::<Unfit>() && error.to_string().contains("systemd-container"), "{error}");
        assert!(host.history().is_empty());
    }

    #[tokio::test]
    async fn a_masked_unit_forbids_it_and_is_told_with_what_would_be_removed() {
        let host = crowded();
        host.meddle(|contents| {
            contents.add_unit(unit(SOCKET), Enablement::Masked, Activity::Inactive);
        });
        let error = install(&host, &wanted()).await.unwrap_err().to_string();
        assert!(error.contains("would remove systemd-container"), "{error}");
        assert!(error.contains("masked libvirtd.socket"), "{error}");
        assert!(host.history().is_empty());
    }
}
