//! `kvm-host plan | apply | destroy`: one host over SSH, from bare to a running virtual machine.

use kvm_host::KvmHostOptions;

fn main() -> std::process::ExitCode {
    harmony_cli::main::<KvmHostOptions>()
}
