//! What forbids making a host a KVM host, said before anything is touched.

use futures_util::future::try_join_all;
use harmony_capabilities::host::{
    Architecture, HostError, InitSystem, KvmReadiness, MachineKind, UserName,
};
use harmony_types::ByteSize;

use super::install_kvm::InstallKvm;
use super::roles::{Bare, named};

/// What the packages and one small image need.
const LEAST_DISK: ByteSize = ByteSize::gib(2);
/// What the host itself needs beside one small machine.
const LEAST_MEMORY: ByteSize = ByteSize::mib(768);

/// Modules of hypervisors that want the processor for themselves.
const COMPETITORS: [(&str, &str); 3] =
    [("vboxdrv", "VirtualBox"), ("vmmon", "VMware"), ("xen_acpi_processor", "Xen")];

impl InstallKvm {
    /// Everything that forbids it; nothing where it can be done.
    pub(super) async fn obstacles(&self, host: &impl Bare) -> Result<Vec<String>, HostError> {
        let mut found = self.of_the_machine(host);
        if self.uses_kvm() {
            found.extend(competitors(host).await?);
        }
        found.extend(strangers(host, &self.members).await?);
        Ok(found)
    }

    fn of_the_machine(&self, host: &impl Bare) -> Vec<String> {
        let facts = host.facts();
        let mut found = Vec::new();
        if facts.architecture != Architecture::X86_64 {
            let what = match &facts.architecture {
                Architecture::Other(name) => name,
                _ => "aarch64",
            };
            found.push(format!("its processors are {what}, and machines are x86_64 so far"));
        }
        if let InitSystem::Other(name) = &facts.init {
            found.push(format!("{name} runs its services, and only systemd is known"));
        }
        if facts.memory < LEAST_MEMORY {
            found.push(format!("it has {} of memory, and {LEAST_MEMORY} is needed", facts.memory));
        }
        if facts.free_disk < LEAST_DISK {
            found.push(format!(
                "it has {} of free disk, and {LEAST_DISK} is needed",
                facts.free_disk
            ));
        }
        if self.uses_kvm() {
            found.extend(without_kvm(&facts.kvm, &facts.machine));
        }
        found
    }
}

/// Why KVM cannot work there.
fn without_kvm(kvm: &KvmReadiness, machine: &MachineKind) -> Option<String> {
    const EMULATE: &str = "or choose `Acceleration::Tcg`, which emulates";
    match (kvm, machine) {
        (KvmReadiness::ModuleMissing, MachineKind::Container(engine)) => Some(format!(
            "it is a container of {engine} without /dev/kvm: give it that device, {EMULATE}"
        )),
        (KvmReadiness::Ready | KvmReadiness::ModuleMissing, _) => None,
        (KvmReadiness::NoExtension, MachineKind::Virtual(hypervisor)) => Some(format!(
            "it is a machine of {hypervisor} that may not run machines: switch on nested \
             virtualisation there, {EMULATE}"
        )),
        (KvmReadiness::NoExtension, _) => Some(format!(
            "its processors cannot run machines, or the firmware forbids it: switch on VT-x or \
             AMD-V there, {EMULATE}"
        )),
        (KvmReadiness::Unusable(why), _) => {
            Some(format!("/dev/kvm cannot be opened ({why}): repair that, {EMULATE}"))
        }
    }
}

async fn competitors(host: &impl Bare) -> Result<Vec<String>, HostError> {
    let look = async |(module, product): (&str, &str)| {
        let loaded = host.module(&named(module)?).await?.loaded;
        Ok::<_, HostError>(loaded.then(|| {
            format!(
                "{product} has its module {module} loaded: stop it, or choose `Acceleration::Tcg`"
            )
        }))
    };
    let found = try_join_all(COMPETITORS.into_iter().map(look)).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Users who shall be let in and are not there.
async fn strangers(host: &impl Bare, users: &[UserName]) -> Result<Vec<String>, HostError> {
    let found = try_join_all(users.iter().map(|user| host.user(user))).await?;
    let strangers = users.iter().zip(found).filter(|(_, state)| state.is_none());
    Ok(strangers.map(|(user, _)| format!("it has no user {user}, who shall be let in")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_extension_is_told_with_what_to_do() {
        let nested = MachineKind::Virtual("kvm".to_owned());
        let said = without_kvm(&KvmReadiness::NoExtension, &nested).unwrap();
        assert!(said.contains("nested") && said.contains("Acceleration::Tcg"), "{said}");
        let hardware = without_kvm(&KvmReadiness::NoExtension, &MachineKind::Physical).unwrap();
        assert!(hardware.contains("VT-x"), "{hardware}");
        let shut = KvmReadiness::Unusable("permission denied".to_owned());
        assert!(without_kvm(&shut, &nested).unwrap().contains("permission denied"));
    }

    #[test]
    fn a_module_that_can_be_loaded_is_no_obstacle_but_in_a_container() {
        let missing = KvmReadiness::ModuleMissing;
        assert_eq!(without_kvm(&missing, &MachineKind::Physical), None);
        let container = MachineKind::Container("systemd-nspawn".to_owned());
        assert!(without_kvm(&missing, &container).unwrap().contains("/dev/kvm"));
        assert_eq!(without_kvm(&KvmReadiness::Ready, &container), None);
    }
}
