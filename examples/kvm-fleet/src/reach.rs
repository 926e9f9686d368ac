use std::path::PathBuf;

use clap::Args;
use harmony_capabilities::host::Facts;
use harmony_phases::{BoxError, Context, Topology, inventory::Host};
use harmony_providers::{
    kvm_host::{ConnectSsh, Declared, LinuxHost},
    ssh::{Credential, HostKeyPolicy},
};

/// How the hosts are logged in to; without any of these, as `ssh` does it.
#[derive(Clone, Debug, Default, Args)]
pub struct Reach {
    /// A key to log in with, instead of what `ssh` would try.
    #[arg(long, value_name = "PATH")]
    pub identity: Option<PathBuf>,
    /// Trust the first key that a host shows, and only that one from then on.
    #[arg(long)]
    pub accept_new: bool,
}

impl Reach {
    pub(crate) fn connect(&self) -> ConnectSsh {
        let policy =
            if self.accept_new { HostKeyPolicy::AcceptNew } else { HostKeyPolicy::KnownHosts };
        let connect = ConnectSsh::new().host_keys(policy);
        match &self.identity {
            Some(path) => connect.credentials([Credential::key_file(path, None)]),
            None => connect,
        }
    }

    /// Where the pipeline of `host` begins.
    pub(crate) fn declared(host: &Host) -> Topology<Declared> {
        Topology::new(host.name.as_str(), Declared::at(host.address.clone()))
    }

    /// What is found on `host` at first contact.
    pub(crate) async fn facts(&self, ctx: &Context, host: &Host) -> Result<Facts, BoxError> {
        let reached = Self::declared(host).advance(ctx, self.connect()).await;
        let reached: Topology<LinuxHost> = reached.map_err(|error| error.into_parts().1)?;
        Ok(reached.phase().facts().clone())
    }
}
