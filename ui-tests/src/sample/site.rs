//! The phases of the sample: from an address to a cluster.

use harmony_phases::phases;

pub use chain::*;

/// A host becomes a network, and a network becomes a cluster.
#[phases(any = AnySite)]
pub mod chain {
    use std::net::IpAddr;

    use crate::sample::{
        Simulated,
        roles::{DhcpServer, DnsServer, Hypervisor, K8sClient},
    };

    /// An address, at which nobody has looked yet.
    #[start]
    pub struct Declared {
        /// Where to look.
        pub address: IpAddr,
    }

    /// The host answers.
    #[resting]
    pub struct LinuxHost {
        #[grants(Hypervisor)]
        host: Simulated,
    }

    /// The network answers.
    #[resting]
    pub struct NetworkReady {
        #[carries]
        host: LinuxHost,
        #[grants(DhcpServer, DnsServer)]
        gateway: Simulated,
    }

    /// A bootstrap node runs, for a while.
    #[transient]
    pub struct Bootstrapping {
        #[carries]
        network: NetworkReady,
    }

    /// The cluster answers.
    #[resting]
    pub struct ClusterReady {
        #[carries]
        network: NetworkReady,
        #[grants(K8sClient)]
        api: Simulated,
    }

    impl LinuxHost {
        pub(in crate::sample) fn seen() -> Self {
            Self { host: Simulated::default() }
        }
    }

    impl NetworkReady {
        pub(in crate::sample) fn seen(host: LinuxHost) -> Self {
            Self { host, gateway: Simulated::default() }
        }
    }

    impl Bootstrapping {
        pub(in crate::sample) const fn seen(network: NetworkReady) -> Self {
            Self { network }
        }

        pub(in crate::sample) fn left(self) -> ClusterReady {
            ClusterReady { network: self.network, api: Simulated::default() }
        }
    }
}
