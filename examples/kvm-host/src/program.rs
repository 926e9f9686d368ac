use harmony_capabilities::virtualization::{AddressSource, Hypervisor};
use harmony_cli::Program;
use harmony_phases::{BoxError, Pipeline, Topology, graph::PhaseGraph};
use harmony_providers::kvm_host::{self, Declared, KvmHost, LinuxHost};

use crate::{KvmHostOptions, site};

impl Program for KvmHostOptions {
    type Start = Topology<Declared>;
    type End = Topology<KvmHost>;
    const NAME: &'static str = "kvm-host";
    const ABOUT: &'static str = "One host over SSH, from bare to a running virtual machine";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new(self.address.to_string(), Declared::at(self.address.clone())))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        Ok(site(self)?)
    }

    async fn status(&self, host: &Self::End) -> Result<String, BoxError> {
        let linux: &LinuxHost = host.evidence();
        let system = format!("{}: {}", linux.host_name(), linux.system());
        let Some(machine) = host.machine(&self.name).await? else {
            return Ok(format!("{system}\n{} is not there", self.name));
        };
        let leases = host.addresses(&self.name, AddressSource::Lease).await.unwrap_or_default();
        let addresses: Vec<_> = leases.iter().map(|lease| lease.ip.to_string()).collect();
        let addresses =
            if addresses.is_empty() { "no lease yet".to_owned() } else { addresses.join(", ") };
        Ok(format!(
            "{system}\n{}: {}, {} vCPU, {}, {addresses}",
            machine.name, machine.power, machine.vcpus, machine.memory
        ))
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![kvm_host::GRAPH]
    }
}
