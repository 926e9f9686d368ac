//! `kvm-fleet-promote plan | apply | destroy`: hosts with the baseline become hosts for virtual machines.

use kvm_fleet::Promotion;

fn main() -> std::process::ExitCode {
    harmony_cli::main_of_fleet::<Promotion>()
}
