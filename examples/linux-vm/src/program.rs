use harmony_capabilities::virtualization::{AddressSource, Hypervisor};
use harmony_cli::Program;
use harmony_phases::{BoxError, Pipeline, Topology, graph::PhaseGraph};
use harmony_providers::kvm_host::{self, Declared, KvmHost};

use crate::{LinuxVm, site};

impl Program for LinuxVm {
    type Start = Topology<Declared>;
    type End = Topology<KvmHost>;
    const NAME: &'static str = "linux-vm";
    const ABOUT: &'static str = "One virtual machine on an isolated network";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new("kvm", Declared::here()))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        Ok(site(self)?)
    }

    async fn status(&self, host: &Self::End) -> Result<String, BoxError> {
        let Some(machine) = host.machine(&self.name).await? else {
            return Ok(format!("{} is not there", self.name));
        };
        let leases = host.addresses(&self.name, AddressSource::Lease).await.unwrap_or_default();
        let addresses: Vec<_> = leases.iter().map(|lease| lease.ip.to_string()).collect();
        let addresses =
            if addresses.is_empty() { "no lease yet".to_owned() } else { addresses.join(", ") };
        Ok(format!(
            "{}: {}, {} vCPU, {}, {addresses}",
            machine.name, machine.power, machine.vcpus, machine.memory
        ))
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![kvm_host::GRAPH]
    }
}
