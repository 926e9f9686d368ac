//! The phases themselves.

use harmony_capabilities::fakes::SimulatedSite;
use harmony_phases::phases;

/// From a declared site to a cluster.
#[phases(any = AnyOkdSite)]
pub mod okd_site {
    use harmony_capabilities::{
        fakes::{SimulatedCluster, SimulatedGateway, SimulatedMachine, SimulatedSite},
        kubernetes::K8sClient,
        network::{DhcpServer, DnsServer, LoadBalancer, TftpServer},
    };

    /// The site is named; nothing of it was looked at.
    #[start]
    pub struct Declared {
        /// Where it is.
        pub site: SimulatedSite,
    }

    /// The network is up, and its gateway answers.
    #[resting]
    pub struct NetworkReady {
        #[grants(DhcpServer, DnsServer, TftpServer, LoadBalancer)]
        pub(in crate::okd_site) gateway: SimulatedGateway,
    }

    /// A bootstrap machine serves what the control plane needs to form. It goes away, so no restart lands here.
    #[transient]
    pub struct Bootstrapping {
        #[carries]
        pub(in crate::okd_site) network: NetworkReady,
        pub(in crate::okd_site) bootstrap: SimulatedMachine,
    }

    /// The control plane stands by itself, and its API takes requests.
    #[resting]
    pub struct ClusterReady {
        #[carries]
        pub(in crate::okd_site) network: NetworkReady,
        #[grants(K8sClient)]
        pub(in crate::okd_site) cluster: SimulatedCluster,
    }
}

use okd_site::{Bootstrapping, ClusterReady, NetworkReady};

impl NetworkReady {
    /// The site whose network this is.
    pub(super) const fn site(&self) -> &SimulatedSite {
        self.gateway.site()
    }

    /// The same network, under a control plane that stands.
    pub(super) fn with_cluster(self) -> ClusterReady {
        let cluster = self.site().cluster();
        ClusterReady { network: self, cluster }
    }
}

impl Bootstrapping {
    /// The bootstrap machine's name.
    pub fn bootstrap(&self) -> &harmony_types::Hostname {
        &self.bootstrap.name
    }
}
