//! error: a pipeline does nothing until it is planned or executed
//!
//! Why: Building a pipeline describes a run; it does not run. The same goes for topologies and
//! outcomes that nobody looks at.
//!
//! Fix: Return it, or hand it to `plan`, `execute` or a `Maestro`.
#![deny(unused_must_use)]
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{ConfigureNetwork, site::{LinuxHost, NetworkReady}};

pub fn site() -> Pipeline<Topology<LinuxHost>, Topology<NetworkReady>> {
    //~ good: return Pipeline::start().advance(ConfigureNetwork);
    Pipeline::<Topology<LinuxHost>, _>::start().advance(ConfigureNetwork);
    Pipeline::start().advance(ConfigureNetwork)
}

fn main() {}
