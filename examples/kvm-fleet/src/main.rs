//! `kvm-fleet hosts | plan | apply | destroy`: one baseline for all hosts of an inventory.

use kvm_fleet::Baseline;

fn main() -> std::process::ExitCode {
    harmony_cli::main_of_fleet::<Baseline>()
}
