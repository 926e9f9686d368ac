//! Boots a real machine on a real hypervisor, to the first lines on its serial console.

use std::process::ExitCode;

use clap::Parser;
use linux_vm::{demo::complain, real::Real};

fn main() -> ExitCode {
    match Real::parse().run(std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(std::io::stderr().lock(), &error);
            ExitCode::FAILURE
        }
    }
}
