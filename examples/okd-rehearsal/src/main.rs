//! NetworkReady to ClusterReady on a simulated site, with faults by argument.

fn main() {}
