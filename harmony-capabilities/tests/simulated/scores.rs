//! Each score: made once, changed where it drifted, taken away again.
use crate::site::*;
use harmony_capabilities::virtualization::*;
use harmony_phases::{Describe, Interpret, Score, Status, ValidationReport, score::Detail};
use harmony_types::{ByteSize, ObjectName, Sha256Digest};
use std::time::Duration;

fn name(text: &str) -> ObjectName {
    text.parse().unwrap()
}

fn changes(report: &ValidationReport) -> Vec<String> {
    report.details.iter().map(Detail::to_string).collect()
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_a_teardown_leaves_nothing() {
    let hypervisor = hypervisor();
    assert!(site().execute(&ctx(), on(&hypervisor)).await.unwrap().changed());
    let once = hypervisor.happened();
    assert_eq!(
        once,
        [
            "define network `lan`",
            "start network `lan`",
            "define pool `images`",
            "start pool `images`",
            "create volume `images/debian.iso`",
            "fill volume `images/debian.iso`",
            "create volume `images/web.qcow2`",
            "define machine `web`",
            "start machine `web`",
        ]
    );
    assert!(!site().execute(&ctx(), on(&hypervisor)).await.unwrap().changed());
    assert_eq!(hypervisor.happened(), once);

    let _ = site().teardown(&ctx(), on(&hypervisor)).await.unwrap();
    assert_eq!(
        hypervisor.happened()[once.len()..],
        [
            "stop machine `web`",
            "undefine machine `web`",
            "delete volume `images/web.qcow2`",
            "delete volume `images/debian.iso`",
            "stop pool `images`",
            "undefine pool `images`",
            "stop network `lan`",
            "undefine network `lan`",
        ]
    );
    let _ = site().teardown(&ctx(), on(&hypervisor)).await.unwrap();
    assert_eq!(hypervisor.happened().len(), once.len() + 8);
}

#[tokio::test]
async fn a_plan_says_what_would_be_made_and_what_that_needs() {
    let report = machine(ByteSize::gib(4)).validate(&ctx(), &hypervisor()).await.unwrap();
    assert_eq!(report.status, Status::WillCreate);
    assert_eq!(
        changes(&report),
        [
            "2 vCPU, 4 GiB of memory",
            "disk images/web.qcow2",
            "cdrom images/debian.iso",
            "52:54:00:00:00:0a on network lan",
        ]
    );
    assert_eq!(
        report.preconditions,
        [
            "volume `images/web.qcow2` is complete",
            "volume `images/debian.iso` is complete",
            "network `lan` is up",
        ]
    );
    let report = network().validate(&ctx(), &hypervisor()).await.unwrap();
    assert_eq!(changes(&report)[1], "subnet 192.168.101.0/24");
}

#[tokio::test]
async fn drift_is_told_field_by_field_and_repaired() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    assert!(site().execute(&ctx, on(&hypervisor)).await.unwrap().changed());
    hypervisor.change_machine(&name("web"), "memory", "2 GiB");
    hypervisor.change_machine(&name("web"), "title", "something that nobody asked for");
    let score = machine(ByteSize::gib(4));
    let report = score.validate(&ctx, &hypervisor).await.unwrap();
    assert_eq!(report.status, Status::WillUpdate);
    assert_eq!(changes(&report), ["memory: 2 GiB -> 4 GiB (after a restart)"]);
    assert!(score.execute(&ctx, &hypervisor).await.unwrap().changed());
    assert!(score.validate(&ctx, &hypervisor).await.unwrap().is_already_applied());
    assert_eq!(hypervisor.happened().last().unwrap(), "update machine `web`");
}

#[tokio::test]
async fn a_seed_comes_and_goes_with_its_machine() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    assert!(pool().execute(&ctx, &hypervisor).await.unwrap().changed());
    let told = |hostname: &str| {
        let seed = CloudInit::builder().pool("images").hostname(hostname).build();
        let spec = VmSpec::builder().name("web").vcpus(1).memory(ByteSize::gib(1)).cloud_init(seed);
        VirtualMachineScore::new(spec.build().unwrap())
    };
    assert!(told("web").execute(&ctx, &hypervisor).await.unwrap().changed());
    assert!(!told("web").execute(&ctx, &hypervisor).await.unwrap().changed());
    let seed = told("web").spec().seed_volume().unwrap();
    hypervisor.lose_volume(&seed);
    assert_eq!(told("web").validate(&ctx, &hypervisor).await.unwrap().status, Status::WillUpdate);
    assert!(told("web").execute(&ctx, &hypervisor).await.unwrap().changed());
    assert!(told("www").execute(&ctx, &hypervisor).await.unwrap().changed());
    assert_eq!(
        hypervisor.volumes(&name("images")).await.unwrap().len(),
        2,
        "the old one is an orphan"
    );
    assert!(told("www").undo(&ctx, &hypervisor).await.unwrap().changed());
    assert_eq!(hypervisor.volumes(&name("images")).await.unwrap(), []);
    assert!(!told("www").undo(&ctx, &hypervisor).await.unwrap().changed());
}

#[tokio::test]
async fn a_volume_grows_and_never_shrinks() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    assert!(site().execute(&ctx, on(&hypervisor)).await.unwrap().changed());
    let report = volume(ByteSize::gib(30)).validate(&ctx, &hypervisor).await.unwrap();
    assert_eq!(changes(&report), ["capacity: 20 GiB -> 30 GiB"]);
    assert!(volume(ByteSize::gib(30)).execute(&ctx, &hypervisor).await.unwrap().changed());
    let report = volume(ByteSize::gib(20)).validate(&ctx, &hypervisor).await.unwrap();
    let Status::Blocked(reason) = report.status else { panic!("{report:?}") };
    assert!(reason.contains("30 GiB -> 20 GiB would lose data"), "{reason}");
    volume(ByteSize::gib(20)).execute(&ctx, &hypervisor).await.unwrap_err();
}

#[tokio::test]
async fn an_image_is_refused_when_it_is_missing_wrong_or_too_large() {
    let (hypervisor, ctx) = (hypervisor(), ctx());
    assert!(pool().execute(&ctx, &hypervisor).await.unwrap().changed());
    let from = |path: &str, checksum| {
        let spec = VolumeSpec::builder()
            .pool("images")
            .name("a")
            .source(ImageSource::file(path, checksum));
        VolumeScore::new(spec.build().unwrap())
    };
    let other = Checksum::Sha256(Sha256Digest::new([8; 32]));
    let small = VolumeSpec::builder().pool("images").name("a").capacity(ByteSize::mib(1));
    let small = small.source(ImageSource::file(ISO, Checksum::Unverified)).build().unwrap();
    let cases = [
        (from("/nowhere.iso", Checksum::Unverified), "obtain the image `/nowhere.iso`"),
        (from(ISO, other), "obtain the image `/isos/debian.iso`"),
        (VolumeScore::new(small), "fit the image `/isos/debian.iso` of 600 MiB into 1 MiB"),
    ];
    for (score, what) in cases {
        let error = score.execute(&ctx, &hypervisor).await.unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
    }
    assert_eq!(hypervisor.happened().len(), 2, "a wrong image leaves nothing behind");
}

#[tokio::test]
async fn a_machine_does_not_start_without_what_it_needs() {
    let hypervisor = hypervisor();
    let error = machine(ByteSize::gib(1)).execute(&ctx(), &hypervisor).await.unwrap_err();
    assert!(error.to_string().contains("without network `lan`"), "{error}");
}

#[tokio::test]
async fn the_verbs_of_a_machine() {
    let (hypervisor, ctx, web) = (hypervisor(), ctx(), name("web"));
    assert!(site().execute(&ctx, on(&hypervisor)).await.unwrap().changed());
    let seen = hypervisor.wait_until_booted(&ctx, &web, &BootSign::Lease, None).await.unwrap();
    assert_eq!(seen, "192.168.101.10");
    assert_eq!(hypervisor.leases(&name("lan")).await.unwrap()[0].hostname.as_deref(), Some("web"));
    hypervisor.addresses(&web, AddressSource::Agent).await.unwrap_err();

    hypervisor.deafen(&web);
    let second = Duration::from_secs(1);
    assert_eq!(
        hypervisor.shut_down_machine(&ctx, &web, second).await.unwrap(),
        ShutDown::StillRunning
    );
    assert!(hypervisor.reset_machine(&ctx, &web).await.unwrap().changed());
    let refused = hypervisor.undefine_machine(&ctx, &web, Undefine::default()).await.unwrap_err();
    assert_eq!(refused.kind(), VirtualizationErrorKind::Refused);
    assert!(hypervisor.power_off_machine(&ctx, &web).await.unwrap().changed());
    assert!(!hypervisor.power_off_machine(&ctx, &web).await.unwrap().changed());
    assert_eq!(hypervisor.machine(&web).await.unwrap().unwrap().power, PowerStatus::Off);
    assert!(hypervisor.start_machine(&ctx, &web).await.unwrap().changed());
    assert!(hypervisor.power_off_machine(&ctx, &web).await.unwrap().changed());
    assert!(
        hypervisor
            .undefine_machine(&ctx, &web, Undefine { nvram: true, volumes: true })
            .await
            .unwrap()
            .changed()
    );
    let volumes = hypervisor.volumes(&name("images")).await.unwrap();
    assert_eq!(
        volumes.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["debian.iso"],
        "a cdrom stays"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_its_deadline_and_what_it_saw() {
    let (hypervisor, ctx, web) = (hypervisor(), ctx(), name("web"));
    assert!(site().execute(&ctx, on(&hypervisor)).await.unwrap().changed());
    let login = BootSign::SerialLine("login:".to_owned());
    let wait = hypervisor.wait_until_booted(&ctx, &web, &login, Some(Duration::from_secs(30)));
    assert_eq!(wait.await.unwrap_err().kind(), VirtualizationErrorKind::TimedOut);
    hypervisor.say_on_serial(&web, "web login: ");
    assert_eq!(
        hypervisor.wait_until_booted(&ctx, &web, &login, None).await.unwrap(),
        "web login: "
    );
}

#[test]
fn a_score_is_its_spec_when_it_is_stored() {
    let score = machine(ByteSize::gib(4));
    let value = Score::<harmony_capabilities::fakes::SimulatedHypervisor>::to_value(&score);
    assert_eq!(value["schema"], 1);
    assert_eq!(serde_json::from_value::<VirtualMachineScore>(value.clone()).unwrap(), score);
    let mut newer = value;
    newer["schema"] = 2.into();
    let error = serde_json::from_value::<VirtualMachineScore>(newer).unwrap_err();
    assert!(error.to_string().contains("schema version 2 is not known"), "{error}");
}

#[test]
fn two_scores_that_want_the_same_are_told_before_anything_runs() {
    let twin = VmSpec::builder().name("db").vcpus(1).memory(ByteSize::gib(1));
    let twin = twin.nic(Nic::on("lan").unwrap().mac(WEB)).build().unwrap();
    let error = site().run(VirtualMachineScore::new(twin)).check().unwrap_err().to_string();
    assert!(
        error.contains("MAC address") && error.contains("vm web") && error.contains("vm db"),
        "{error}"
    );
    let wan = NetworkSpec::builder()
        .name("wan")
        .mode(NetworkMode::Nat)
        .subnet("192.168.101.0/24")
        .build();
    let error = site().run(VirtualNetworkScore::new(wan.unwrap())).check().unwrap_err().to_string();
    assert!(error.contains("192.168.101.1") && error.contains("network lan"), "{error}");
    assert_eq!(iso().name(), "iso images/debian.iso");
}
