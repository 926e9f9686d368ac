//! E0277: transition `ConfigureNetwork` cannot be recognised from `Topology<Declared>`
//!
//! Why: `through` must find out from before the transient phase whether the system has come out of
//! it already; otherwise a run on a finished system would enter it again. This transition does not
//! say how.
//!
//! Fix: Implement `Lands` for the transition that leaves the transient phase, or use two plain
//! `advance` steps where the phase between them is a resting one.
use harmony_phases::{Pipeline, Topology};
use ui_tests::sample::{ConfigureNetwork, Connect, site::Declared};

fn main() {
    let declared = Pipeline::<Topology<Declared>, _>::start();
    //~ good: let _ = declared.advance(Connect).advance(ConfigureNetwork);
    let _ = declared.through(Connect, |inside| inside, ConfigureNetwork);
}
