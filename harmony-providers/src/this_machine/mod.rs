//! Commands on the machine that this program runs on, as processes of its own.

mod machine;
mod process;
mod root;

pub use machine::ThisMachine;
