//! Programs over many hosts.

mod arguments;
mod contact;
mod ends;
mod program;
mod session;
mod table;

use std::process::ExitCode;

pub use program::FleetProgram;

use crate::arguments::Cli;
use arguments::FleetVerb;
use session::FleetSession;

/// Runs `P` with the arguments of this process: what the `main` of a program over many hosts returns.
pub fn main_of_fleet<P: FleetProgram>() -> ExitCode {
    let cli = Cli::<FleetVerb<P>>::of_process(P::NAME, P::ABOUT);
    crate::run(cli.verbosity(), |console| FleetSession::new(cli, console).run())
}

#[cfg(test)]
mod tests;
