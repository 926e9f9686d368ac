//! Machines as they are.

use harmony_capabilities::virtualization::{MachineStatus, PowerStatus};
use harmony_types::ByteSize;

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::{DomainRow, Link, RawState};
use super::super::xml::{self, Domain, Metadata};

impl Libvirt {
    pub(crate) async fn machine_named(
        &self,
        name: &str,
    ) -> Result<Option<MachineStatus>, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else { return Ok(None) };
        let state = if row.active { self.state(name).await? } else { RawState::ShutOff };
        Ok(Some(status(&row, state)?))
    }

    pub(crate) async fn all_machines(&self) -> Result<Vec<MachineStatus>, LibvirtError> {
        let read = |link: &Link| {
            let states = link.domain_states()?;
            Ok((link.domains(None)?, states))
        };
        let (rows, states) = self.connection().read("list domains", read).await?;
        rows.iter()
            .map(|row| {
                let state = states.get(&row.name).copied();
                status(row, state.unwrap_or(RawState::Unknown))
            })
            .collect()
    }
}

fn status(row: &DomainRow, state: RawState) -> Result<MachineStatus, LibvirtError> {
    let domain: Domain = xml::read("a domain", row.live.as_ref().unwrap_or(&row.defined))?;
    let macs = domain.devices.interfaces.iter().filter_map(|it| it.mac.as_ref());
    Ok(MachineStatus {
        name: row.name.clone(),
        power: match state {
            RawState::Running | RawState::Unknown if row.active => PowerStatus::Running,
            RawState::Paused | RawState::Suspended => PowerStatus::Paused,
            RawState::ShuttingDown => PowerStatus::ShuttingDown,
            RawState::Crashed => PowerStatus::Crashed,
            RawState::Running | RawState::Unknown | RawState::ShutOff => PowerStatus::Off,
        },
        vcpus: domain.vcpu.count,
        memory: ByteSize::bytes(domain.memory.in_bytes(1 << 10).unwrap_or_default()),
        macs: macs.filter_map(|mac| mac.address.parse().ok()).collect(),
        mark: domain.metadata.as_ref().and_then(Metadata::mark),
    })
}
