//! A hypervisor in memory: networks, pools, volumes and machines that come and go as on a real one.

mod ensure;
mod machines;
mod networks;
mod pools;
mod running;
mod seeds;
mod seen;
mod simulated;
mod thing;
mod volumes;
mod world;

pub use simulated::SimulatedHypervisor;
