use std::path::PathBuf;

use clap::Args;
use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::SecretRef;
use harmony_providers::{kvm_host::KvmHostAddress, ssh::HostKeyPolicy};
use harmony_types::{ByteSize, HostPath, IpNet, ObjectName, Sha256Digest};

/// Where the host is and how to log in, and what machine runs on it.
#[derive(Clone, Debug, Args)]
pub struct KvmHostOptions {
    /// The host: `here`, or where SSH finds it.
    #[arg(
        long,
        env = "HARMONY_KVM_HOST",
        default_value = "here",
        value_name = "here|[USER@]HOST[:PORT]",
        value_parser = address
    )]
    pub address: KvmHostAddress,
    /// Which host keys are trusted: those of known hosts, also the first one that a new host shows,
    /// or only the one with this fingerprint.
    #[arg(
        long,
        default_value = "known",
        value_name = "known|accept-new|SHA256:…",
        value_parser = host_keys
    )]
    pub host_keys: HostKeyPolicy,
    /// A key to log in with, instead of what `ssh` would try.
    #[arg(long, value_name = "PATH")]
    pub identity: Option<PathBuf>,
    /// Where the key's passphrase is, such as `env:KEY_PASSPHRASE`.
    #[arg(long, value_name = "SOURCE:NAME", requires = "identity")]
    pub passphrase: Option<SecretRef>,
    /// Where the password for `sudo` is, for a login that is not root and has to say one.
    #[arg(long, value_name = "SOURCE:NAME")]
    pub sudo_password: Option<SecretRef>,
    /// How guest code runs; only `tcg` takes a host without KVM.
    #[arg(long, default_value = "auto", value_name = "auto|kvm|tcg", value_parser = acceleration)]
    pub acceleration: Acceleration,

    /// The machine's name.
    #[arg(long, default_value = "web", value_name = "NAME")]
    pub name: ObjectName,
    /// How many processors it sees.
    #[arg(long, default_value_t = 1, value_name = "COUNT")]
    pub vcpus: u32,
    /// How much memory it sees.
    #[arg(long, default_value = "512MiB", value_name = "SIZE")]
    pub memory: ByteSize,
    /// How large its disk is.
    #[arg(long, default_value = "4GiB", value_name = "SIZE")]
    pub disk: ByteSize,
    /// A qcow2 image of this machine, or an http(s) URL, that the disk is filled with over SSH.
    #[arg(long, value_name = "PATH|URL", requires = "image_sha256")]
    pub image: Option<String>,
    /// The SHA-256 checksum of the image.
    #[arg(long, value_name = "HEX", requires = "image")]
    pub image_sha256: Option<Sha256Digest>,
    /// A public SSH key that the machine lets in as `ops`, where its image has cloud-init.
    #[arg(long, value_name = "LINE", requires = "image")]
    pub authorize: Option<String>,
    /// A kernel of the host that is started directly, instead of booting the disk.
    #[arg(long, value_name = "PATH")]
    pub kernel: Option<HostPath>,
    /// The kernel's initial file system.
    #[arg(long, value_name = "PATH", requires = "kernel")]
    pub initrd: Option<HostPath>,
    /// The kernel's command line.
    #[arg(long, default_value = "", value_name = "TEXT", requires = "kernel")]
    pub cmdline: String,
    /// The file of the host that the serial line is written to.
    #[arg(long, value_name = "PATH")]
    pub serial_log: Option<HostPath>,
    /// The network of the machine, behind the host's address.
    #[arg(long, default_value = "192.168.150.0/24", value_name = "ADDRESS/BITS")]
    pub subnet: IpNet,
}

/// An address; a bad one is shown with carets under the part that is wrong.
fn address(text: &str) -> Result<KvmHostAddress, String> {
    text.parse().map_err(|error: harmony_types::AddressError| format!("\n{}", error.pointed()))
}

fn host_keys(text: &str) -> Result<HostKeyPolicy, String> {
    match text {
        "known" => Ok(HostKeyPolicy::KnownHosts),
        "accept-new" => Ok(HostKeyPolicy::AcceptNew),
        pinned => pinned.parse().map(HostKeyPolicy::Pinned).map_err(|error| error.to_string()),
    }
}

fn acceleration(text: &str) -> Result<Acceleration, String> {
    match text {
        "auto" => Ok(Acceleration::Auto),
        "kvm" => Ok(Acceleration::Kvm),
        "tcg" => Ok(Acceleration::Tcg),
        _ => Err("say auto, kvm or tcg".to_owned()),
    }
}
