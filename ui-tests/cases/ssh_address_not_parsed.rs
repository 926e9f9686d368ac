//! E0451: fields `user`, `host` and `port` of struct `SshAddress` are private
//!
//! Why: An address that exists is a good one, because only its parser makes one: user names and
//! hosts become part of commands.
//!
//! Fix: Parse a text, or write it as `kvm_host!("…")`, which is read while the program compiles.
use harmony_types::{HostAddress, Port, SshAddress};

fn main() {
    let host: HostAddress = "10.0.0.7".parse().unwrap();
    //~ good: let address = "root@10.0.0.7".parse::<SshAddress>();
    let address = SshAddress { user: Some("-oProxyCommand=reboot".into()), host, port: Some(Port::SSH) };
    let _ = address;
}
