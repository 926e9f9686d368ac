//! `linux-vm plan | apply | destroy`: one virtual machine on an isolated network.

use linux_vm::LinuxVm;

fn main() -> std::process::ExitCode {
    harmony_cli::main::<LinuxVm>()
}
