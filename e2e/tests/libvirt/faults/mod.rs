//! What goes wrong: daemons that die, effects that fail, uploads that are cut, objects of others.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]
#![expect(unreachable_pub, reason = "a phase is pub, also in a test that nobody links to")]

mod lab;
mod parts;
mod sinks;
mod wire;

mod bad_input;
mod cancel;
mod drift;
mod effects;
mod freeze;
mod kill;
mod ownership;
mod process;
mod recording;
mod upload;
