//! What is not ours is not touched; what is protected stays; what nobody wants any more is an
//! orphan.
use crate::site::*;
use harmony_capabilities::virtualization::*;
use harmony_phases::{Context, Interpret, OutcomeStatus, Status};
use harmony_types::ByteSize;

#[tokio::test]
async fn a_foreign_machine_is_blocked_unless_it_is_adopted() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    hypervisor.add_foreign_machine(&"web".parse().unwrap());
    let plain = machine(ByteSize::gib(1));
    let report = plain.validate(&ctx, &hypervisor).await.unwrap();
    let Status::Blocked(reason) = report.status else { panic!("{report:?}") };
    assert!(reason.contains("machine `web` exists and was not made by this site"), "{reason}");
    plain.execute(&ctx, &hypervisor).await.unwrap_err();
    assert_eq!(plain.undo(&ctx, &hypervisor).await.unwrap().status, OutcomeStatus::LeftInPlace);
    assert!(hypervisor.happened().is_empty());

    let adopted =
        VmSpec::builder().name("web").vcpus(1).memory(ByteSize::gib(1)).adopt(true).build();
    let adopted = VirtualMachineScore::new(adopted.unwrap());
    assert!(adopted.execute(&ctx, &hypervisor).await.unwrap().changed());
    assert!(
        plain.validate(&ctx, &hypervisor).await.unwrap().status == Status::WillUpdate,
        "it is ours now"
    );
}

#[tokio::test]
async fn another_site_is_left_alone() {
    let (hypervisor, other) = (hypervisor(), Context::for_site("paris".parse().unwrap()));
    assert!(network().execute(&other, &hypervisor).await.unwrap().changed());
    let report = network().validate(&ctx(), &hypervisor).await.unwrap();
    let Status::Blocked(reason) = report.status else { panic!("{report:?}") };
    assert!(reason.contains("belongs to site `paris`"), "{reason}");
    let outcome = network().undo(&ctx(), &hypervisor).await.unwrap();
    assert_eq!(outcome.status, OutcomeStatus::LeftInPlace);
}

#[tokio::test]
async fn a_volume_belongs_to_whom_its_pool_belongs() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    hypervisor.add_foreign_pool(&"images".parse().unwrap());
    let report = volume(ByteSize::gib(1)).validate(&ctx, &hypervisor).await.unwrap();
    assert!(matches!(report.status, Status::Blocked(_)), "{report:?}");
    let adopting = VolumeSpec::builder()
        .pool("images")
        .name("web.qcow2")
        .capacity(ByteSize::gib(1))
        .adopt(true);
    let adopting = VolumeScore::new(adopting.build().unwrap());
    assert!(adopting.execute(&ctx, &hypervisor).await.unwrap().changed());
    let outcome = adopting.undo(&ctx, &hypervisor).await.unwrap();
    assert_eq!(outcome.status, OutcomeStatus::LeftInPlace, "nothing is deleted in a foreign pool");
}

#[tokio::test]
async fn what_is_protected_survives_a_teardown() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    let lan = NetworkSpec::builder().name("lan").protect(true).build().unwrap();
    let lan = VirtualNetworkScore::new(lan);
    assert!(lan.execute(&ctx, &hypervisor).await.unwrap().changed());
    let report = lan.validate_undo(&ctx, &hypervisor).await.unwrap();
    assert!(report.is_already_applied(), "{report:?}");
    assert_eq!(report.details[0].to_string(), "left in place: network lan is protected");
    assert_eq!(lan.undo(&ctx, &hypervisor).await.unwrap().status, OutcomeStatus::LeftInPlace);
    // Nor does a score that has forgotten about it take it away.
    let forgetful = VirtualNetworkScore::new(NetworkSpec::builder().name("lan").build().unwrap());
    assert_eq!(forgetful.undo(&ctx, &hypervisor).await.unwrap().status, OutcomeStatus::LeftInPlace);
}

#[tokio::test]
async fn orphans_are_listed_and_pruned() {
    let hypervisor = hypervisor();
    assert!(site().execute(&ctx(), on(&hypervisor)).await.unwrap().changed());
    hypervisor.add_foreign_machine(&"not ours".parse().unwrap());
    let smaller = || with_census(Site::start().run(network()).run(pool()));
    let before = hypervisor.happened().len();
    assert!(!smaller().execute(&ctx(), on(&hypervisor)).await.unwrap().changed());
    assert_eq!(hypervisor.happened().len(), before, "without prune they are only listed");

    let prune = Context::builder("lab".parse().unwrap()).prune(true).build();
    assert!(smaller().execute(&prune, on(&hypervisor)).await.unwrap().changed());
    assert_eq!(
        hypervisor.happened()[before..],
        [
            "stop machine `web`",
            "undefine machine `web`",
            "delete volume `images/debian.iso`",
            "delete volume `images/web.qcow2`",
        ]
    );
    let machines = hypervisor.machines().await.unwrap();
    assert_eq!(machines.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["not ours"]);
}
