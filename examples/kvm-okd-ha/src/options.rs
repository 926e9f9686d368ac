use clap::Args;
use harmony_capabilities::virtualization::Acceleration;
use harmony_types::HostPath;

use crate::Scale;

/// How large the cluster is, what its machines boot, and where it runs.
#[derive(Clone, Debug, Args)]
pub struct KvmOkdHa {
    /// How large the machines are.
    #[arg(long, value_enum, default_value = "full")]
    pub scale: Scale,
    /// The folder of the host that TFTP serves to machines that boot from the network.
    #[arg(long, value_name = "PATH", requires = "boot_file")]
    pub tftp_root: Option<HostPath>,
    /// What they boot: a file in that folder, or a URL.
    #[arg(long, value_name = "FILE|URL")]
    pub boot_file: Option<String>,
    /// The folder of the host that serial lines are written to, one file a machine.
    #[arg(long, value_name = "PATH")]
    pub serial_dir: Option<HostPath>,
    /// The hypervisor.
    #[arg(long, env = "HARMONY_KVM_URI", default_value = "qemu:///system", value_name = "URI")]
    pub uri: String,
    /// The folder of the host for disks.
    #[arg(
        long,
        env = "HARMONY_KVM_IMAGE_DIR",
        default_value = "/var/lib/libvirt/images/kvm-okd-ha",
        value_name = "PATH"
    )]
    pub image_dir: HostPath,
    /// How guest code runs: auto probes whether KVM works here.
    #[arg(long, default_value = "auto", value_name = "auto|kvm|tcg", value_parser = acceleration)]
    pub acceleration: Acceleration,
}

fn acceleration(text: &str) -> Result<Acceleration, String> {
    match text {
        "auto" => Ok(Acceleration::Auto),
        "kvm" => Ok(Acceleration::Kvm),
        "tcg" => Ok(Acceleration::Tcg),
        _ => Err("say auto, kvm or tcg".to_owned()),
    }
}
