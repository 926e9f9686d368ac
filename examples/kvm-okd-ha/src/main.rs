//! `kvm-okd-ha plan | apply | destroy`: the machines of a highly available OKD cluster.

use kvm_okd_ha::KvmOkdHa;

fn main() -> std::process::ExitCode {
    harmony_cli::main::<KvmOkdHa>()
}
