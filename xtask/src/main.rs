//! The chores of the Harmony repository: `cargo xtask <chore>`.
//!
//! A chore does all of its own set-up, says what it is about to install, and otherwise prints the
//! one command that is missing. [`chores`] holds one file per chore.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to its terminal")]

mod args;
mod book;
mod chores;
mod headers;
mod packages;
mod plan;
mod step;
mod summary;
mod workspace;

use std::process::ExitCode;

use args::Chore;

fn main() -> ExitCode {
    let outcome = args::parse(lexopt::Parser::from_env()).and_then(|chore| match chore {
        Chore::Bench(args) => chores::bench::run(&args),
        Chore::Bless => chores::bless::run(),
        Chore::Demo { hosts: true, .. } => chores::hosts_demo::run(),
        Chore::Demo { real, .. } => chores::demo::run(real),
        Chore::Docs => chores::docs::run(),
        Chore::Fuzz { seconds } => chores::fuzz::run(seconds),
        Chore::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
        Chore::Lint { deny } => chores::lint::run(deny),
        Chore::Test(options) => chores::test::run(&options),
        Chore::Torture(options) => chores::torture::run(&options),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
