//! libvirtd: the machine's own, and one that may be killed.

mod namespace;
mod private;
mod shared;

use std::path::Path;

use anyhow::Result;

pub use namespace::Namespace;
pub use private::PrivateLibvirt;
pub use shared::LibvirtDaemon;

use crate::run;

/// Runs `virsh` with `args` on the connection `uri`, from outside our own provider.
///
/// # Errors
/// When virsh fails, with what it said.
pub fn virsh(uri: &str, args: &[&str]) -> Result<String> {
    let args: Vec<&str> = ["--quiet", "--connect", uri].iter().chain(args).copied().collect();
    run(Path::new("/"), "virsh", &args)
}
