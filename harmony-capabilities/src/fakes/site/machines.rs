//! The machines of a simulated site, and how they become a cluster.

use harmony_phases::{Context, Intent, Permit, ownership::Mark};
use harmony_types::{Hostname, MacAddress, ObjectName};

use super::{SimulatedSite, world::World};
use crate::{
    kubernetes::Readiness,
    network::{NetworkError, ServerHealth},
};

/// How many looks a machine takes to boot, and a cluster to settle.
const LOOKS_TO_BOOT: u32 = 3;

/// A machine that can be switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedMachine {
    /// Its name.
    pub name: Hostname,
    /// Its network card.
    pub mac: MacAddress,
    /// What it is for.
    pub role: MachineRole,
}

/// What a machine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineRole {
    /// Lets the control plane form, and then goes away.
    Bootstrap,
    /// Runs the cluster.
    ControlPlane,
}

/// One machine, as a look sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineLook {
    /// The machine.
    pub machine: SimulatedMachine,
    /// Whether it does what it is for: serves, or has joined.
    pub ready: bool,
}

/// What a look at the machines sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteLook {
    /// Those that are on.
    pub machines: Vec<MachineLook>,
    /// Whether the control plane stands without its bootstrap machine.
    pub formed: bool,
    /// Whether the cluster's API takes requests.
    pub api_ready: bool,
}

#[derive(Debug, Default)]
pub(super) struct Machines {
    on: Vec<On>,
    formed: bool,
    settled: u32,
}

#[derive(Debug)]
struct On {
    machine: SimulatedMachine,
    mark: Mark,
    looks: u32,
    joined: bool,
}

impl SiteLook {
    /// The machine called `name`, where it is on.
    pub fn machine(&self, name: &Hostname) -> Option<&MachineLook> {
        self.machines.iter().find(|seen| seen.machine.name == *name)
    }
}

impl Machines {
    /// Lets a little time go by: every look does.
    fn pass(&mut self) {
        for on in &mut self.on {
            on.looks = on.looks.saturating_add(1);
        }
        let serves =
            |on: &On| on.machine.role == MachineRole::Bootstrap && on.looks > LOOKS_TO_BOOT;
        let can_join = self.formed || self.on.iter().any(serves);
        for on in self.on.iter_mut().filter(|on| on.machine.role == MachineRole::ControlPlane) {
            on.joined |= can_join && on.looks > LOOKS_TO_BOOT;
        }
        if self.formed {
            self.settled = self.settled.saturating_add(1);
        }
    }

    fn is_ready(on: &On) -> bool {
        match on.machine.role {
            MachineRole::Bootstrap => on.looks > LOOKS_TO_BOOT,
            MachineRole::ControlPlane => on.joined,
        }
    }

    fn look(&mut self) -> SiteLook {
        self.pass();
        let machines = self
            .on
            .iter()
            .map(|on| MachineLook { machine: on.machine.clone(), ready: Self::is_ready(on) });
        SiteLook {
            machines: machines.collect(),
            formed: self.formed,
            api_ready: self.readiness().is_ready(),
        }
    }

    fn readiness(&self) -> Readiness {
        if self.formed && self.settled > LOOKS_TO_BOOT {
            Readiness::Ready
        } else if self.formed {
            Readiness::NotReady("the control plane settles".to_owned())
        } else {
            Readiness::NotReady("no control plane has formed".to_owned())
        }
    }

    fn control_plane(&self) -> impl Iterator<Item = &On> {
        self.on.iter().filter(|on| on.machine.role == MachineRole::ControlPlane)
    }
}

impl World {
    /// What the API server says of itself; `None` where none runs.
    pub(super) fn api(&mut self) -> Option<Readiness> {
        self.machines.pass();
        let there = self.machines.formed && self.machines.control_plane().next().is_some();
        there.then(|| self.machines.readiness())
    }

    /// The names of the cluster's machines, and whether each has joined.
    pub(super) fn members(&self) -> Vec<(String, bool)> {
        let members = self.machines.control_plane();
        members.map(|on| (on.machine.name.to_string(), on.joined)).collect()
    }

    pub(super) fn health_of(&self, frontend: &ObjectName) -> Vec<ServerHealth> {
        let found = self.services.frontends.iter().find(|f| f.item.name() == frontend);
        let servers = found.into_iter().flat_map(|frontend| frontend.item.backend().servers());
        servers
            .map(|server| {
                let up = self.machines.on.iter().any(|on| {
                    on.machine.name.first_label() == server.name.as_str() && Machines::is_ready(on)
                });
                let evidence = if up { "connected" } else { "connection refused" };
                ServerHealth { server: server.name.clone(), up, evidence: evidence.to_owned() }
            })
            .collect()
    }

    fn switch_on(&mut self, permit: &Permit, machine: &SimulatedMachine, mark: &Mark) {
        if self.machines.on.iter().any(|on| on.machine.name == machine.name) {
            return;
        }
        let (machine, mark) = (machine.clone(), mark.clone());
        self.happened(permit, "switch on", machine.name.as_str());
        self.machines.on.push(On { machine, mark, looks: 0, joined: false });
    }

    fn remove_machine(&mut self, permit: &Permit, name: &Hostname, ctx: &Context) {
        let ours = |on: &mut On| on.machine.name == *name && on.mark.site == *ctx.site();
        let Some(gone) = self.machines.on.extract_if(.., ours).next() else {
            return;
        };
        self.happened(permit, "remove machine", name.as_str());
        match gone.machine.role {
            MachineRole::Bootstrap => {
                let members = self.members();
                self.machines.formed |=
                    !members.is_empty() && members.iter().all(|(_, in_it)| *in_it);
            }
            MachineRole::ControlPlane if self.machines.control_plane().next().is_none() => {
                (self.machines.formed, self.machines.settled) = (false, 0);
                self.objects.clear();
            }
            MachineRole::ControlPlane => {}
        }
    }
}

impl SimulatedSite {
    /// Looks at the machines.
    ///
    /// # Errors
    /// When the look fails.
    pub async fn look_at_machines(&self) -> Result<SiteLook, NetworkError> {
        self.look("look at the machines", |world| Ok(world.machines.look())).await
    }

    /// Switches a machine on, so that it boots what the gateway tells it to; nothing happens where it is on.
    ///
    /// # Errors
    /// When a fault is in the way, or the run was cancelled.
    pub async fn switch_on(
        &self,
        ctx: &Context,
        machine: &SimulatedMachine,
    ) -> Result<(), NetworkError> {
        let mark = ctx.mark();
        self.change(ctx, Intent::new("switch on", machine.name.as_str()), |permit, world| {
            world.switch_on(permit, machine, &mark);
            Ok(())
        })
        .await
    }

    /// Removes a machine where it is this site's.
    ///
    /// # Errors
    /// When a fault is in the way, or the run was cancelled.
    pub async fn remove_machine(&self, ctx: &Context, name: &Hostname) -> Result<(), NetworkError> {
        self.change(ctx, Intent::new("remove machine", name.as_str()), |permit, world| {
            world.remove_machine(permit, name, ctx);
            Ok(())
        })
        .await
    }
}
