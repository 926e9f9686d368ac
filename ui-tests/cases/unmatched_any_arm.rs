//! E0004: `&AnySite::ClusterReady(_)` not covered
//!
//! Why: Code that takes a site in any phase must say what it does in each of them. A phase that is
//! added later shows up here, instead of in production.
//!
//! Fix: Write the arm that is missing. A wildcard would hide the next phase too.
use ui_tests::sample::site::AnySite;

pub fn next(site: &AnySite) -> &'static str {
    match site {
        AnySite::Declared(_) => "connect",
        AnySite::LinuxHost(_) => "configure the network",
        AnySite::NetworkReady(_) => "start the bootstrap node",
        //~ good: AnySite::Bootstrapping(_) | AnySite::ClusterReady(_) => "form the cluster",
        AnySite::Bootstrapping(_) => "form the cluster",
    }
}

fn main() {}
