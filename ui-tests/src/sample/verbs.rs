//! The transitions of the sample; nothing is ever there before they are applied.

use harmony_phases::{
    Context, Describe, Lands, Observed, Phase, Topology, Transition, TransitionError,
};

use super::{
    appliance::{Boxed, Installed},
    site::{Bootstrapping, ClusterReady, Declared, LinuxHost, NetworkReady},
};

type Seen<P, Q> = Result<Observed<Topology<Q>, Topology<P>>, TransitionError<Topology<P>>>;
type Went<P, Q> = Result<Topology<Q>, TransitionError<Topology<P>>>;

fn not_yet<P: Phase, Q: Phase>(from: Topology<P>) -> Observed<Topology<Q>, Topology<P>> {
    Observed::NotYet { from, because: "nobody has done it".to_owned() }
}

/// Connects to a host.
#[derive(Clone, Debug)]
pub struct Connect;

impl Describe for Connect {
    fn name(&self) -> String {
        "connect".to_owned()
    }
}

impl Transition<Topology<Declared>> for Connect {
    type To = Topology<LinuxHost>;

    async fn observe(&self, _: &Context, from: Topology<Declared>) -> Seen<Declared, LinuxHost> {
        Ok(not_yet(from))
    }

    async fn apply(&self, _: &Context, from: Topology<Declared>) -> Went<Declared, LinuxHost> {
        Ok(from.map(|_| LinuxHost::seen()))
    }
}

/// Configures the network of a host.
#[derive(Clone, Debug)]
pub struct ConfigureNetwork;

impl Describe for ConfigureNetwork {
    fn name(&self) -> String {
        "configure network".to_owned()
    }
}

impl Transition<Topology<LinuxHost>> for ConfigureNetwork {
    type To = Topology<NetworkReady>;

    async fn observe(
        &self,
        _: &Context,
        from: Topology<LinuxHost>,
    ) -> Seen<LinuxHost, NetworkReady> {
        Ok(not_yet(from))
    }

    async fn apply(&self, _: &Context, from: Topology<LinuxHost>) -> Went<LinuxHost, NetworkReady> {
        Ok(from.map(NetworkReady::seen))
    }
}

/// Starts a bootstrap node.
#[derive(Clone, Debug)]
pub struct StartBootstrapNode;

impl Describe for StartBootstrapNode {
    fn name(&self) -> String {
        "start bootstrap node".to_owned()
    }
}

impl Transition<Topology<NetworkReady>> for StartBootstrapNode {
    type To = Topology<Bootstrapping>;

    async fn observe(
        &self,
        _: &Context,
        from: Topology<NetworkReady>,
    ) -> Seen<NetworkReady, Bootstrapping> {
        Ok(not_yet(from))
    }

    async fn apply(
        &self,
        _: &Context,
        from: Topology<NetworkReady>,
    ) -> Went<NetworkReady, Bootstrapping> {
        Ok(from.map(Bootstrapping::seen))
    }
}

/// Forms the cluster and lets the bootstrap node go.
#[derive(Clone, Debug)]
pub struct FormCluster;

impl Describe for FormCluster {
    fn name(&self) -> String {
        "form cluster".to_owned()
    }
}

impl Transition<Topology<Bootstrapping>> for FormCluster {
    type To = Topology<ClusterReady>;

    async fn observe(
        &self,
        _: &Context,
        from: Topology<Bootstrapping>,
    ) -> Seen<Bootstrapping, ClusterReady> {
        Ok(not_yet(from))
    }

    async fn apply(
        &self,
        _: &Context,
        from: Topology<Bootstrapping>,
    ) -> Went<Bootstrapping, ClusterReady> {
        Ok(from.map(Bootstrapping::left))
    }
}

impl Lands<Topology<NetworkReady>, Topology<Bootstrapping>> for FormCluster {
    async fn landed(
        &self,
        _: &Context,
        from: Topology<NetworkReady>,
    ) -> Seen<NetworkReady, ClusterReady> {
        Ok(not_yet(from))
    }
}

/// Unpacks an appliance.
#[derive(Clone, Debug)]
pub struct InstallAppliance;

impl Describe for InstallAppliance {
    fn name(&self) -> String {
        "install appliance".to_owned()
    }
}

impl Transition<Topology<Boxed>> for InstallAppliance {
    type To = Topology<Installed>;

    async fn observe(&self, _: &Context, from: Topology<Boxed>) -> Seen<Boxed, Installed> {
        Ok(not_yet(from))
    }

    async fn apply(&self, _: &Context, from: Topology<Boxed>) -> Went<Boxed, Installed> {
        Ok(from.map(|_| Installed::seen()))
    }
}
