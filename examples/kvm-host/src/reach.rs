use harmony_phases::{Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectLocal, ConnectSsh, Declared, KvmHostAddress, LinuxHost};
use harmony_providers::ssh::{Credential, Escalation};

use crate::KvmHostOptions;

/// The way to the host, as the options say: over SSH, or none where it is this machine. Both end in
/// the same phase, so what follows does not ask.
pub fn reach(options: &KvmHostOptions) -> Pipeline<Topology<Declared>, Topology<LinuxHost>> {
    match options.address {
        KvmHostAddress::Here => Pipeline::start().advance(ConnectLocal),
        KvmHostAddress::Ssh(_) => Pipeline::start().advance(over_ssh(options)),
    }
}

fn over_ssh(options: &KvmHostOptions) -> ConnectSsh {
    let connect = ConnectSsh::new().host_keys(options.host_keys);
    let connect = match &options.identity {
        Some(path) => connect.credentials([Credential::key_file(path, options.passphrase.clone())]),
        None => connect,
    };
    match options.sudo_password.clone() {
        Some(password) => connect.escalation(Escalation::SudoWithPassword(password)),
        None => connect,
    }
}
