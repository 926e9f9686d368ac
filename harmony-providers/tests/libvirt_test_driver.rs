//! libvirt's own test driver: everything it can do, each test with a state of its own.
#![cfg(feature = "libvirt")]
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

use std::fs;

use harmony_capabilities::virtualization::{
    BootDevice, Cdrom, Disk, Hypervisor, NetworkMode, NetworkSpec, Nic, PoolSpec, Power,
    PowerStatus, StoragePools, VirtualNetworks, VirtualizationErrorKind, VmFields, VmSpec,
    VolumeSpec,
};
use harmony_phases::ownership::Mark;
use harmony_phases::score::{Detail, Status};
use harmony_phases::{Context, OutcomeStatus};
use harmony_providers::libvirt::{Connection, Libvirt};
use harmony_types::{ByteSize, MacAddress};
use tempfile::TempDir;

/// A hypervisor that nobody else sees, and the context to act on it.
struct Lab {
    libvirt: Libvirt,
    ctx: Context,
    mark: Mark,
    _node: TempDir,
}

impl Lab {
    async fn new() -> Self {
        let node = tempfile::tempdir().unwrap();
        let file = node.path().join("node.xml");
        let text = "<node><cpu><mhz>6000</mhz><model>i986</model><active>50</active><nodes>4</nodes>\
            <sockets>4</sockets><cores>4</cores><threads>2</threads></cpu><memory>8192000</memory>\
            <domain type='test'><name>stranger</name><memory>1048576</memory>\
            <os><type>hvm</type></os></domain>\
            <network><name>foreign</name></network>\
            <pool type='dir'><name>theirs</name><target><path>/theirs</path></target></pool></node>";
        fs::write(&file, text).unwrap();
        let uri = format!("test://{}", file.display());
        let connection = Connection::open(uri).await.unwrap();
        let ctx = Context::for_site("lab".parse().unwrap());
        let mark = Mark::new(ctx.site().clone(), "test");
        Self { libvirt: Libvirt::new(connection, ctx.site().clone()), ctx, mark, _node: node }
    }

    async fn status(&self, spec: &VmSpec) -> Status {
        self.libvirt.examine_machine(&self.mark, spec).await.unwrap().status
    }

    async fn ensure(&self, spec: &VmSpec) -> OutcomeStatus {
        self.libvirt.ensure_machine(&self.ctx, &self.mark, spec).await.unwrap().status
    }
}

fn lan() -> NetworkSpec {
    NetworkSpec::builder()
        .name("lan")
        .mode(NetworkMode::Nat)
        .subnet("10.0.0.0/24")
        .dhcp_range("10.0.0.100-10.0.0.200")
        .lease(MacAddress::qemu([0, 0, 9]), [10, 0, 0, 9])
        .build()
        .unwrap()
}

fn images() -> PoolSpec {
    PoolSpec::builder().name("images").path("/images").build().unwrap()
}

fn disk() -> VolumeSpec {
    VolumeSpec::builder()
        .pool("images")
        .name("web.qcow2")
        .capacity(ByteSize::gib(20))
        .build()
        .unwrap()
}

/// The machine `web`, with some fields changed.
fn web(change: impl FnOnce(&mut VmFields)) -> VmSpec {
    let spec = VmSpec::builder()
        .name("web")
        .vcpus(2)
        .memory(ByteSize::gib(4))
        .disk(Disk::volume("images", "web.qcow2"))
        .cdrom(Cdrom::empty())
        .nic(Nic::on("lan").unwrap().mac(MacAddress::qemu([0, 0, 9])))
        .boot_order([BootDevice::Cdrom, BootDevice::Disk])
        .build()
        .unwrap();
    let mut fields = spec.into_fields();
    change(&mut fields);
    VmSpec::try_from(fields).unwrap()
}

/// The fields that a plan would change.
fn fields(details: &[Detail]) -> Vec<&str> {
    details
        .iter()
        .filter_map(|detail| match detail {
            Detail::Change { field, .. } => Some(field.as_str()),
            Detail::Note(_) => None,
        })
        .collect()
}

async fn with_disk() -> Lab {
    let lab = Lab::new().await;
    let _ = lab.libvirt.ensure_network(&lab.ctx, &lab.mark, &lan()).await.unwrap();
    let _ = lab.libvirt.ensure_pool(&lab.ctx, &lab.mark, &images()).await.unwrap();
    let _ = lab.libvirt.ensure_volume(&lab.ctx, &lab.mark, &disk()).await.unwrap();
    lab
}

#[tokio::test]
async fn a_machine_is_created_found_again_and_taken_away() {
    let lab = with_disk().await;
    let spec = web(|_| {});
    assert_eq!(lab.status(&spec).await, Status::WillCreate);
    assert_eq!(lab.ensure(&spec).await, OutcomeStatus::Success);
    let calls = lab.libvirt.connection().changing_calls();
    assert_eq!(lab.status(&spec).await, Status::AlreadyApplied);
    assert_eq!(lab.ensure(&spec).await, OutcomeStatus::Noop);
    assert_eq!(lab.libvirt.connection().changing_calls(), calls, "the second run changes nothing");
    let found = lab.libvirt.machine(&spec.name).await.unwrap().unwrap();
    assert_eq!((found.power, found.vcpus), (PowerStatus::Running, 2));
    assert_eq!(found.mark.unwrap().site, *lab.ctx.site());
    let removed = lab.libvirt.remove_machine(&lab.ctx, &lab.mark, &spec.name).await.unwrap();
    assert_eq!(removed.status, OutcomeStatus::Success, "{}", removed.message);
    assert!(lab.libvirt.machine(&spec.name).await.unwrap().is_none());
    let again = lab.libvirt.remove_machine(&lab.ctx, &lab.mark, &spec.name).await.unwrap();
    assert_eq!(again.status, OutcomeStatus::Noop);
}

#[tokio::test]
async fn drift_is_named_repaired_and_then_gone() {
    let lab = with_disk().await;
    lab.ensure(&web(|_| {})).await;
    let larger = web(|fields| {
        fields.memory = ByteSize::gib(6);
        fields.vcpus = 3;
        fields.boot_order = vec![BootDevice::Disk, BootDevice::Network];
    });
    let report = lab.libvirt.examine_machine(&lab.mark, &larger).await.unwrap();
    assert_eq!(report.status, Status::WillUpdate);
    assert_eq!(fields(&report.details), ["memory", "vcpus", "boot_order"]);
    let before = lab.libvirt.machine(&larger.name).await.unwrap().unwrap();
    assert_eq!(lab.ensure(&larger).await, OutcomeStatus::Success);
    let _ = lab.libvirt.power_off_machine(&lab.ctx, &larger.name).await.unwrap();
    let after = web(|fields| {
        fields.memory = ByteSize::gib(6);
        fields.vcpus = 3;
        fields.boot_order = vec![BootDevice::Disk, BootDevice::Network];
        fields.power = Power::Defined;
    });
    assert_eq!(lab.status(&after).await, Status::AlreadyApplied);
    let found = lab.libvirt.machine(&larger.name).await.unwrap().unwrap();
    assert_eq!((found.vcpus, found.macs), (3, before.macs));
}

#[tokio::test]
async fn what_the_spec_leaves_open_is_left_alone() {
    let lab = with_disk().await;
    lab.ensure(&web(|fields| {
        fields.serial_log = Some("/var/log/web".parse().unwrap());
        fields.autostart = Some(true);
        fields.guest_agent = Some(true);
    }))
    .await;
    let open = web(|fields| {
        fields.disks.clear();
        fields.cdroms.clear();
        fields.nics.clear();
        fields.boot_order.clear();
    });
    assert_eq!(lab.status(&open).await, Status::AlreadyApplied);
}

#[tokio::test]
async fn strangers_are_blocked_and_named_until_adopted() {
    let lab = Lab::new().await;
    let spec = |adopt| {
        VmSpec::builder()
            .name("stranger")
            .vcpus(1)
            .memory(ByteSize::gib(1))
            .adopt(adopt)
            .build()
            .unwrap()
    };
    let Status::Blocked(why) = lab.status(&spec(false)).await else { panic!("not blocked") };
    assert!(why.contains("`stranger`") && why.contains("adopt"), "{why}");
    let error = lab.libvirt.ensure_machine(&lab.ctx, &lab.mark, &spec(false)).await.unwrap_err();
    assert_eq!(error.kind(), VirtualizationErrorKind::Blocked);
    let kept = lab.libvirt.remove_machine(&lab.ctx, &lab.mark, &spec(false).name).await.unwrap();
    assert_eq!(kept.status, OutcomeStatus::LeftInPlace);
    assert_eq!(lab.ensure(&spec(true)).await, OutcomeStatus::Success);
    assert_eq!(lab.status(&spec(false)).await, Status::AlreadyApplied, "it carries our mark now");
    let other = Mark::new("elsewhere".parse().unwrap(), "test");
    let report = lab.libvirt.examine_machine(&other, &spec(true)).await.unwrap();
    assert!(matches!(report.status, Status::Blocked(why) if why.contains("site `lab`")));
}

#[tokio::test]
async fn protected_machines_survive_removal() {
    let lab = with_disk().await;
    let spec = web(|fields| fields.custody.protect = true);
    lab.ensure(&spec).await;
    let report = lab.libvirt.examine_machine_removal(&lab.mark, &spec.name).await.unwrap();
    assert!(matches!(report.status, Status::Blocked(why) if why.contains("protected")));
    let kept = lab.libvirt.remove_machine(&lab.ctx, &lab.mark, &spec.name).await.unwrap();
    assert_eq!(kept.status, OutcomeStatus::LeftInPlace);
    lab.ensure(&web(|_| {})).await;
    let gone = lab.libvirt.remove_machine(&lab.ctx, &lab.mark, &spec.name).await.unwrap();
    assert_eq!(gone.status, OutcomeStatus::Success, "unprotected by its spec");
}

#[tokio::test]
async fn protected_pools_survive_removal_and_the_census_knows() {
    let lab = Lab::new().await;
    let mut guarded = images().into_fields();
    guarded.custody.protect = true;
    let guarded = PoolSpec::try_from(guarded).unwrap();
    let ensure = async |spec: &PoolSpec| {
        lab.libvirt.ensure_pool(&lab.ctx, &lab.mark, spec).await.unwrap().status
    };
    assert_eq!(ensure(&guarded).await, OutcomeStatus::Success);
    assert_eq!(ensure(&guarded).await, OutcomeStatus::Noop);
    let marks = lab.libvirt.pools().await.unwrap();
    assert!(marks.iter().any(|pool| pool.mark.as_ref().is_some_and(|mark| mark.protect)));
    let kept = lab.libvirt.remove_pool(&lab.ctx, &lab.mark, &guarded.name).await.unwrap();
    assert_eq!(kept.status, OutcomeStatus::LeftInPlace, "{kept:?}");
    let report = lab.libvirt.examine_pool(&lab.mark, &images()).await.unwrap();
    assert_eq!(fields(&report.details), ["protect"]);
    assert_eq!(ensure(&images()).await, OutcomeStatus::Success);
    let gone = lab.libvirt.remove_pool(&lab.ctx, &lab.mark, &guarded.name).await.unwrap();
    assert_eq!(gone.status, OutcomeStatus::Success, "unprotected by its spec");
}

#[tokio::test]
async fn networks_are_created_changed_and_taken_away() {
    let lab = Lab::new().await;
    let report = lab.libvirt.examine_network(&lab.mark, &lan()).await.unwrap();
    assert_eq!(report.status, Status::WillCreate);
    let _ = lab.libvirt.ensure_network(&lab.ctx, &lab.mark, &lan()).await.unwrap();
    let report = lab.libvirt.examine_network(&lab.mark, &lan()).await.unwrap();
    assert_eq!(report.status, Status::AlreadyApplied, "{:?}", report.details);
    let mut moved = lan().into_fields();
    moved.leases[0].ip = [10, 0, 0, 8].into();
    let moved = NetworkSpec::try_from(moved).unwrap();
    let report = lab.libvirt.examine_network(&lab.mark, &moved).await.unwrap();
    assert_eq!(fields(&report.details), ["leases", "leases"], "one goes, one comes");
    let _ = lab.libvirt.ensure_network(&lab.ctx, &lab.mark, &moved).await.unwrap();
    let report = lab.libvirt.examine_network(&lab.mark, &moved).await.unwrap();
    assert_eq!(report.status, Status::AlreadyApplied, "{:?}", report.details);
    let gone = lab.libvirt.remove_network(&lab.ctx, &lab.mark, &moved.name).await.unwrap();
    assert_eq!(gone.status, OutcomeStatus::Success);
    let foreign = "foreign".parse().unwrap();
    let kept = lab.libvirt.remove_network(&lab.ctx, &lab.mark, &foreign).await.unwrap();
    assert_eq!(kept.status, OutcomeStatus::LeftInPlace);
}

#[tokio::test]
async fn volumes_belong_to_whom_their_pool_belongs() {
    let lab = with_disk().await;
    let report = lab.libvirt.examine_volume(&lab.mark, &disk()).await.unwrap();
    assert_eq!(report.status, Status::AlreadyApplied, "{:?}", report.details);
    let mut smaller = disk().into_fields();
    smaller.capacity = Some(ByteSize::gib(10));
    let smaller = VolumeSpec::try_from(smaller).unwrap();
    let report = lab.libvirt.examine_volume(&lab.mark, &smaller).await.unwrap();
    assert!(matches!(report.status, Status::Blocked(why) if why.contains("shrinking")));
    let mut elsewhere = disk().into_fields();
    elsewhere.pool = "theirs".parse().unwrap();
    let elsewhere = VolumeSpec::try_from(elsewhere).unwrap();
    let report = lab.libvirt.examine_volume(&lab.mark, &elsewhere).await.unwrap();
    assert!(matches!(report.status, Status::Blocked(why) if why.contains("`theirs`")));
    let busy = lab.libvirt.remove_pool(&lab.ctx, &lab.mark, &images().name).await.unwrap();
    assert_eq!(busy.status, OutcomeStatus::LeftInPlace, "{}", busy.message);
    let gone = lab.libvirt.remove_volume(&lab.ctx, &lab.mark, &disk().volume()).await.unwrap();
    assert_eq!(gone.status, OutcomeStatus::Success);
    let gone = lab.libvirt.remove_pool(&lab.ctx, &lab.mark, &images().name).await.unwrap();
    assert_eq!(gone.status, OutcomeStatus::Success, "{}", gone.message);
}

#[tokio::test]
async fn a_plan_over_many_machines_reads_once() {
    let lab = with_disk().await;
    let machine = |index: usize| {
        web(|fields| {
            fields.name = format!("web{index}").parse().unwrap();
            fields.disks.clear();
            fields.nics.clear();
            fields.boot_order.clear();
            fields.power = Power::Defined;
        })
    };
    let specs: Vec<VmSpec> = (0..40).map(machine).collect();
    for spec in &specs {
        lab.ensure(spec).await;
    }
    let before = lab.libvirt.connection().reading_calls();
    let looks = specs.iter().map(|spec| lab.status(spec));
    let seen = futures_util::future::join_all(looks).await;
    assert!(seen.iter().all(|status| *status == Status::AlreadyApplied));
    assert_eq!(lab.libvirt.connection().reading_calls() - before, 1);
}

#[tokio::test]
async fn a_missing_disk_is_said_before_anything_is_defined() {
    let lab = Lab::new().await;
    let error = lab.libvirt.ensure_machine(&lab.ctx, &lab.mark, &web(|_| {})).await.unwrap_err();
    assert_eq!(error.kind(), VirtualizationErrorKind::NotFound);
    assert_eq!(lab.libvirt.connection().changing_calls(), 0);
}
