//! E0277: `Topology<LinuxHost>` does not offer the `Hypervisor` capability
//! At most 20 lines.
//!
//! Why: A Linux host has files, packages and services. Machines run on it once it has a hypervisor.
//!
//! Fix: Put `InstallKvm` before the score, or `ConnectHypervisor` where there is one already.
use harmony_capabilities::virtualization::{VirtualMachineScore, VmSpec};
use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectLocal, Declared, InstallKvm};

fn site(web: VmSpec) {
    let host = Pipeline::<Topology<Declared>, _>::start().advance(ConnectLocal);
    //~ good: let host = host.advance(InstallKvm::new()).run(VirtualMachineScore::new(web));
    let host = host.run(VirtualMachineScore::new(web));
    drop(host);
}

fn main() {
    let _ = (site, InstallKvm::new());
}
