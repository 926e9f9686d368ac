//! E0505: cannot move out of `host` because it is borrowed
//! At most 20 lines.
//!
//! Why: The socket leads through the connection that the phase owns. With the phase it is gone.
//!
//! Fix: Use it while the phase is held; what has to live longer holds the topology.
use harmony_phases::Topology;
use harmony_providers::kvm_host::KvmHost;

fn show(host: Topology<KvmHost>) {
    let socket = host.phase().route().socket();
    //~ good: println!("{}", host.name());
    drop(host);
    println!("{socket:?}");
}

fn main() {
    let _ = show;
}
