//! `okd-rehearsal plan | apply | destroy`: a cluster on a simulated site.

use okd_rehearsal::Rehearsal;

fn main() -> std::process::ExitCode {
    harmony_cli::main::<Rehearsal>()
}
