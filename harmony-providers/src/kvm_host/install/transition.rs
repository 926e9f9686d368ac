//! The transition itself.

use harmony_phases::transition::{Observed, Reverted, Transition, TransitionError, WayBack};
use harmony_phases::{BoxError, Context, Topology};

use super::super::route::{NoLibvirt, Route};
use super::super::{KvmHost, LinuxHost};
use super::equip::Unfit;
use super::install_kvm::InstallKvm;
use super::survey::Survey;
use crate::libvirt::Libvirt;

type There<T> = Result<T, TransitionError<Topology<LinuxHost>>>;

impl InstallKvm {
    /// What libvirt answers with, where nothing is missing; or what is missing.
    async fn recognise(
        &self,
        ctx: &Context,
        host: &Topology<LinuxHost>,
    ) -> Result<Result<(Libvirt, Route), String>, BoxError> {
        let linux: &LinuxHost = host.evidence();
        let survey = Survey::take(host, self, ctx.site()).await?;
        let mut missing = survey.missing(self, ctx.site());
        if missing.is_empty() {
            match Route::open(linux, &self.connection, self.acceleration, ctx).await {
                Ok((libvirt, route)) => {
                    missing = self.absent_extras(&libvirt).await?;
                    if let Some(machine) = libvirt.unfinished_proof().await? {
                        missing.push(format!(
                            "a proof failed or was cut short and left machine {machine}"
                        ));
                    }
                    if missing.is_empty() {
                        return Ok(Ok((libvirt, route)));
                    }
                }
                Err(NoLibvirt::Absent(why)) => missing.push(why),
                Err(NoLibvirt::Failed(error)) => return Err(error),
            }
        }
        let obstacles = self.obstacles(host).await?;
        if !obstacles.is_empty() {
            missing.push(Unfit { host: linux.place(), obstacles }.to_string());
        }
        Ok(Err(missing.join("; ")))
    }

    fn why_it_stays() -> String {
        "packages, kernel modules and services of KVM stay on the host: others may use them by now"
            .to_owned()
    }
}

impl Transition<Topology<LinuxHost>> for InstallKvm {
    type To = Topology<KvmHost>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<LinuxHost>,
    ) -> There<Observed<Self::To, Topology<LinuxHost>>> {
        match self.recognise(ctx, &from).await {
            Ok(Ok((libvirt, route))) => {
                Ok(Observed::Reached(from.map(|host| KvmHost { host, libvirt, route })))
            }
            Ok(Err(because)) => Ok(Observed::not_yet(from, because)),
            Err(error) => Err(TransitionError::refused(from, error)),
        }
    }

    async fn apply(&self, ctx: &Context, from: Topology<LinuxHost>) -> There<Self::To> {
        let survey = match self.prepare(ctx, &from).await {
            Ok(survey) => survey,
            Err(error) => return Err(TransitionError::refused(from, error)),
        };
        match self.equip_and_prove(ctx, &from, survey).await {
            Ok((libvirt, route)) => Ok(from.map(|host| KvmHost { host, libvirt, route })),
            // Nothing was touched.
            Err(error) if error.is::<Unfit>() => Err(TransitionError::refused(from, error)),
            Err(error) => Err(TransitionError::interrupted(error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::Stays { because: Self::why_it_stays() }
    }

    async fn revert(
        &self,
        _ctx: &Context,
        _to: Self::To,
    ) -> Result<Reverted<Topology<LinuxHost>>, TransitionError<Self::To>> {
        Ok(Reverted::Stays { because: Self::why_it_stays() })
    }
}
