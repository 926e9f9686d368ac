//! From a Linux host to one that runs virtual machines.

use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::transition::{Observed, Reverted, Transition, TransitionError, WayBack};
use harmony_phases::{Context, Describe, Topology};

use super::route::{NoLibvirt, Route};
use super::{KvmHost, LinuxHost};
use crate::libvirt::{ConnectOptions, Libvirt};

/// Connects to libvirt and reads what the host can run; on a host behind SSH, through a socket of
/// this machine that the same connection carries.
///
/// It changes nothing: a host without libvirt is refused, with what to install or start.
/// [`InstallKvm`](super::InstallKvm) does that.
#[derive(Clone, Debug)]
#[must_use]
pub struct ConnectHypervisor {
    options: ConnectOptions,
    acceleration: Acceleration,
}

type There<T> = Result<T, TransitionError<Topology<LinuxHost>>>;

impl ConnectHypervisor {
    /// Connects to the libvirt behind a URI, such as `qemu:///system` or `test:///default`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self::with(ConnectOptions::new(uri))
    }

    /// Connects with options of one's own.
    pub fn with(options: ConnectOptions) -> Self {
        Self { options, acceleration: Acceleration::Auto }
    }

    /// How new machines run whose own spec leaves it open; by probing, unless said here.
    pub fn acceleration(mut self, acceleration: Acceleration) -> Self {
        self.acceleration = acceleration;
        self
    }

    async fn open(&self, ctx: &Context, host: &LinuxHost) -> Result<(Libvirt, Route), NoLibvirt> {
        Route::open(host, &self.options, self.acceleration, ctx).await
    }
}

impl Describe for ConnectHypervisor {
    fn name(&self) -> String {
        ["connect to ", self.options.uri()].concat()
    }
}

impl Transition<Topology<LinuxHost>> for ConnectHypervisor {
    type To = Topology<KvmHost>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<LinuxHost>,
    ) -> There<Observed<Self::To, Topology<LinuxHost>>> {
        match self.open(ctx, from.phase()).await {
            Ok((libvirt, route)) => {
                Ok(Observed::Reached(from.map(|host| KvmHost { host, libvirt, route })))
            }
            Err(NoLibvirt::Absent(why)) => Ok(Observed::not_yet(from, why)),
            Err(NoLibvirt::Failed(error)) => Err(TransitionError::refused(from, error)),
        }
    }

    async fn apply(&self, ctx: &Context, from: Topology<LinuxHost>) -> There<Self::To> {
        match self.open(ctx, from.phase()).await {
            Ok((libvirt, route)) => Ok(from.map(|host| KvmHost { host, libvirt, route })),
            Err(NoLibvirt::Absent(why)) => Err(TransitionError::refused(from, why)),
            Err(NoLibvirt::Failed(error)) => Err(TransitionError::refused(from, error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::LeavesInPlace
    }

    async fn revert(
        &self,
        _ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<LinuxHost>>, TransitionError<Self::To>> {
        Ok(Reverted::LeftInPlace(to.map(|phase| phase.host)))
    }
}

#[cfg(test)]
mod tests {
    use harmony_phases::Pipeline;

    use super::super::{AnyKvmHost, ConnectLocal, Declared};
    use super::*;

    fn ctx() -> Context {
        Context::for_site("lab".parse().unwrap())
    }

    async fn host() -> Topology<LinuxHost> {
        let declared = Topology::new("here", Declared::here());
        declared.advance(&ctx(), ConnectLocal).await.unwrap()
    }

    #[tokio::test]
    async fn the_chain_leads_to_a_hypervisor_by_looking_alone() {
        let connect = ConnectHypervisor::new("test:///default");
        let kvm = host().await.advance(&ctx(), connect).await.unwrap();
        assert_eq!(kvm.evidence::<KvmHost>().libvirt().connection().driver(), "TEST");
        assert!(!kvm.evidence::<LinuxHost>().host_name().is_empty());
        assert_eq!(kvm.evidence::<KvmHost>().libvirt().connection().changing_calls(), 0);
    }

    #[tokio::test]
    async fn a_host_without_libvirt_is_not_there_yet_and_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let uri = format!("qemu+unix:///system?socket={}/none", folder.path().display());
        let connect = ConnectHypervisor::new(uri);
        let seen = connect.observe(&ctx(), host().await).await.unwrap();
        let Observed::NotYet { from, because } = seen else { panic!("reached") };
        assert!(because.contains("libvirt"), "{because}");
        let (kept, cause) = connect.apply(&ctx(), from).await.unwrap_err().into_parts();
        assert!(kept.is_some(), "a refusal gives the host back");
        assert!(cause.to_string().contains("systemctl start libvirtd"), "{cause}");
    }

    #[test]
    fn the_chain_is_a_pipeline_and_a_graph() {
        let _: Pipeline<Topology<Declared>, Topology<KvmHost>> = Pipeline::start()
            .advance(ConnectLocal)
            .advance(ConnectHypervisor::new("test:///default"));
        assert!(super::super::GRAPH.table().contains("Hypervisor"));
        let _: fn(AnyKvmHost) = drop;
    }
}
