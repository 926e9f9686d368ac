use harmony_cli::Program;
use harmony_phases::{BoxError, Pipeline, Topology, graph::PhaseGraph};
use harmony_providers::kvm_host::{self, Declared, KvmHost};

use crate::{KvmOkdHa, nodes, site, status::table};

impl Program for KvmOkdHa {
    type Start = Topology<Declared>;
    type End = Topology<KvmHost>;
    const NAME: &'static str = "kvm-okd-ha";
    const ABOUT: &'static str = "The machines of a highly available OKD cluster on one hypervisor";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new("kvm", Declared::here()))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        Ok(site(self)?)
    }

    async fn status(&self, host: &Self::End) -> Result<String, BoxError> {
        Ok(table(host, &nodes(self.scale)).await?)
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![kvm_host::GRAPH]
    }
}
