//! E0277: transition `ConfigureNetwork` cannot start from `Topology<Declared>`
//! At most 20 lines.
//!
//! Why: Each transition starts from one phase. Here a step before it is missing, so the topology is
//! not there yet.
//!
//! Fix: Insert the missing transition. The compiler names the phase that this one starts from.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{self, site::Declared};

fn main() {
    let _ = Pipeline::<Topology<Declared>, _>::start()
        //~ good: .advance(sample::Connect).advance(sample::ConfigureNetwork);
        .advance(sample::ConfigureNetwork);
}
