//! The cluster's machines on libvirt's test driver: no daemon, no KVM.
//!
//! The driver's state goes with the last connection, so each test holds what it reached.

#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

use clap::Parser;
use harmony_capabilities::virtualization::Hypervisor;
use harmony_cli::Program;
use harmony_phases::{Context, Maestro};
use kvm_okd_ha::KvmOkdHa;

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    options: KvmOkdHa,
}

fn options() -> KvmOkdHa {
    let line = ["kvm-okd-ha", "--uri", "test:///default", "--scale", "tiny"];
    CommandLine::try_parse_from(line).unwrap().options
}

fn maestro() -> Maestro {
    Maestro::new(Context::for_site("kvm-okd-ha".parse().unwrap()))
}

#[tokio::test]
async fn built_once_kept_and_taken_down() {
    let (options, maestro) = (options(), maestro());
    let pipeline = options.pipeline().unwrap();

    let built = maestro.execute(&pipeline, options.start().unwrap()).await.unwrap();
    assert!(built.changed());
    let table = options.status(&built.topology).await.unwrap();
    assert_eq!(table.matches("running").count(), 7, "{table}");

    let again = maestro.execute(&pipeline, options.start().unwrap()).await.unwrap();
    assert!(!again.changed(), "{:?}", again.completed);

    let down = maestro.teardown(&pipeline, options.start().unwrap()).await.unwrap();
    assert!(down.stays.is_none());
    let left = built.topology.machines().await.unwrap();
    assert!(left.iter().all(|machine| !machine.name.starts_with("okd-")), "{left:?}");
}

#[test]
fn a_plan_names_every_step() {
    let steps = options().pipeline().unwrap().steps();
    let names: Vec<_> = steps.iter().map(|step| step.id.as_str()).collect();
    for step in ["network harmonylan", "network harmonywan", "vm okd-gateway", "vm okd-worker2"] {
        assert!(names.contains(&step), "{step} is missing in {names:?}");
    }
}
