//! E0277: the replica of this pair, `Topology<LinuxHost>`, does not offer the `DnsServer` capability
//! At most 20 lines.
//!
//! Why: The commands of this capability go to both halves of a pair, so both must offer it. One
//! half has advanced, the other has not, and the pair's type says so.
//!
//! Fix: Take the other half along: `advance_both`, or `advance(Replica(..))` for one that lags.
use harmony_phases::{FailoverTopology, Pipeline, Topology};
use ui_tests::sample::{self, site::LinuxHost};

fn main() {
    let _ = Pipeline::<FailoverTopology<Topology<LinuxHost>>, _>::start()
        //~ good: .advance_both(sample::ConfigureNetwork)
        .advance(harmony_phases::higher_order::Primary(sample::ConfigureNetwork))
        .run(sample::DnsScore { name: "shop" });
}
