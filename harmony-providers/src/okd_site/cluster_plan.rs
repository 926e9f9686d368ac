//! Which machines become the cluster.

use std::collections::HashSet;

use harmony_capabilities::fakes::{MachineRole, SimulatedMachine, SiteLook};
use harmony_types::{Hostname, MacAddress, ParseError, ParseErrorKind};

/// A machine of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    /// Its name.
    pub name: Hostname,
    /// The network card it boots from.
    pub mac: MacAddress,
}

/// The machines that become a cluster: one that lets the control plane form, and the control plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterPlan {
    bootstrap: Machine,
    control_plane: Vec<Machine>,
}

impl Machine {
    /// A machine called `name` that boots from `mac`.
    pub const fn new(name: Hostname, mac: MacAddress) -> Self {
        Self { name, mac }
    }

    pub(super) fn as_role(&self, role: MachineRole) -> SimulatedMachine {
        SimulatedMachine { name: self.name.clone(), mac: self.mac, role }
    }
}

impl ClusterPlan {
    /// Takes the machines.
    ///
    /// # Errors
    /// When the control plane is empty, or two machines have one name or one card.
    pub fn new(
        bootstrap: Machine,
        control_plane: impl IntoIterator<Item = Machine>,
    ) -> Result<Self, ParseError> {
        let control_plane: Vec<_> = control_plane.into_iter().collect();
        let refuse = |given: &str, rule| {
            Err(ParseError::new("cluster plan", given, ParseErrorKind::Rule(rule)))
        };
        if control_plane.is_empty() {
            return refuse("", "it needs a machine for the control plane");
        }
        let (mut names, mut cards) = (HashSet::new(), HashSet::new());
        for machine in control_plane.iter().chain([&bootstrap]) {
            if !names.insert(&machine.name) {
                return refuse(machine.name.as_str(), "two machines have this name");
            }
            if !cards.insert(machine.mac) {
                return refuse(&machine.mac.to_string(), "two machines have this network card");
            }
        }
        Ok(Self { bootstrap, control_plane })
    }

    /// The machine that lets the control plane form.
    pub const fn bootstrap(&self) -> &Machine {
        &self.bootstrap
    }

    /// The machines that run the cluster.
    pub fn control_plane(&self) -> &[Machine] {
        &self.control_plane
    }

    /// The names of those of the control plane that have not joined, where there are any.
    pub(super) fn missing(&self, seen: &SiteLook) -> Option<String> {
        let joined = |name| seen.machine(name).is_some_and(|machine| machine.ready);
        let machines = self.control_plane.iter().filter(|machine| !joined(&machine.name));
        let names: Vec<_> = machines.map(|machine| machine.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// All of them.
    pub(super) fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.control_plane.iter().chain([&self.bootstrap])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(name: &str, last: u8) -> Machine {
        Machine::new(name.parse().unwrap(), MacAddress::qemu([0, 0, last]))
    }

    #[test]
    fn each_refusal_names_its_rule() {
        let refusal = |machines: Vec<Machine>| {
            ClusterPlan::new(machine("bootstrap", 1), machines).unwrap_err().to_string()
        };
        assert!(refusal(vec![]).contains("needs a machine"));
        assert!(refusal(vec![machine("bootstrap", 2)]).contains("`bootstrap`: two machines"));
        assert!(refusal(vec![machine("cp-0", 1)]).contains("this network card"));
    }
}
