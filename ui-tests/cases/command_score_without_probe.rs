//! E0277: a command score without a probe cannot be built
//!
//! Why: A pipeline runs again and again, and its commands must not. Without a probe nobody can tell
//! whether a command has run already, and a run that was cut off would run it twice.
//!
//! Fix: Name what says that there is nothing to do: `creates` with the path of what the command
//! makes, or `unless` with a command that succeeds once it is done.
use harmony_capabilities::host::CommandScore;

fn main() {
    let keys = CommandScore::builder("host keys", ["ssh-keygen", "-A"]);
    //~ good: let keys = keys.creates("/etc/ssh/ssh_host_ed25519_key").build();
    let keys = keys.build();
    drop(keys);
}
