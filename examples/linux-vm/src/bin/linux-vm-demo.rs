//! The life of a machine on libvirt's own test driver: no daemon, no KVM, a few seconds.
//!
//! plan, apply, apply again, a change behind Harmony's back, plan, apply, destroy. The test driver
//! forgets everything with the process, so all of it happens in this one.

use std::process::ExitCode;

fn main() -> ExitCode {
    match linux_vm::demo::run(std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            linux_vm::demo::complain(std::io::stderr().lock(), &error);
            ExitCode::FAILURE
        }
    }
}
