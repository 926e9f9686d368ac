//! E0277: transition `InstallAppliance` cannot start from `Topology<LinuxHost>`
//! At most 20 lines.
//!
//! Why: The transition belongs to another chain of phases: nothing in this one leads to where it
//! starts.
//!
//! Fix: Use the transition of this chain, or give the other chain a pipeline of its own.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::LinuxHost};

fn main() {
    let _ = Pipeline::<Topology<LinuxHost>, _>::start()
        //~ good: .advance(sample::ConfigureNetwork);
        .advance(sample::InstallAppliance);
}
