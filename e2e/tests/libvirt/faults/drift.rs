//! What somebody changed behind our back is seen, named, and repaired; what nobody changed is not
//! seen as changed.

use anyhow::{Context as _, Result};
use harmony_capabilities::virtualization::{
    Backing, BootDevice, Cdrom, CloudInit, CloudUser, CpuMode, Disk, DiskBus, Firmware, KernelBoot,
    Machine, NetworkBoot, NetworkMode, NetworkSpec, Nic, NicModel, Power, VirtualMachineScore,
    VirtualNetworkScore, VmSpec, VolumeFormat, VolumeRef, VolumeScore, VolumeSpec,
};
use harmony_phases::Pipeline;
use harmony_phases::plan::{Certainty, Verdict};
use harmony_phases::score::{ChangeEffect, Detail, Status};
use harmony_types::ByteSize;

use super::lab::{Lab, Site, on, proven_noop};

#[tokio::test(flavor = "multi_thread")]
async fn memory_changed_with_virsh_is_named_and_repaired_without_a_new_uuid() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    lab.converges().await?;
    let web = lab.name("web");
    let uuid = lab.virsh(&["domuuid", &web])?;
    lab.virsh(&["setmaxmem", &web, "128M", "--config"])?;
    lab.virsh(&["setmem", &web, "128M", "--config"])?;

    let plan = lab.site().plan(&lab.ctx(), on(&libvirt)).await?;
    let line = plan.line(&format!("vm {web}")).context("no line for the machine")?;
    assert_eq!(line.verdict, Verdict::Score(Status::WillUpdate), "{plan}");
    assert_eq!(line.certainty, Certainty::Proven, "{plan}");
    let memory = Detail::Change {
        field: "memory".into(),
        found: "128 MiB".into(),
        wanted: "64 MiB".into(),
        effect: ChangeEffect::AfterRestart,
    };
    assert_eq!(line.details.first(), Some(&memory), "{plan}");
    assert!(plan.to_string().contains("memory: 128 MiB -> 64 MiB (after a restart)"), "{plan}");
    let others = plan.lines.iter().filter(|other| other.step != line.step);
    assert!(others.clone().all(|other| !other.may_change()), "only the machine differs: {plan}");

    let applied = lab.site().execute(&lab.ctx(), on(&libvirt)).await?;
    assert!(applied.changed());
    assert_eq!(lab.virsh(&["domuuid", &web])?, uuid);
    let defined = lab.virsh(&["dumpxml", "--inactive", &web])?;
    assert!(defined.contains("<memory unit='KiB'>65536</memory>"), "{defined}");
    lab.is_finished(&libvirt).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stopped_removed_or_added_by_hand_is_put_right() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    lab.converges().await?;
    let (web, lan, pool) = (lab.name("web"), lab.name("lan"), lab.name("pool"));
    lab.virsh(&["destroy", &web])?;
    lab.virsh(&["net-destroy", &lan])?;
    lab.virsh(&["vol-delete", "--pool", &pool, "data.qcow2"])?;
    lab.virsh(&["pool-destroy", &pool])?;

    let plan = lab.site().plan(&lab.ctx(), on(&libvirt)).await?;
    let says = |step: String, words: &str| {
        let line = plan.line(&step).unwrap().to_string();
        assert!(line.contains(words), "{line}\n{plan}");
    };
    says(format!("network {lan}"), "state: stopped -> running");
    says(format!("pool {pool}"), "state: stopped -> running");
    says(format!("vm {web}"), "power: off -> running");
    says(format!("volume {pool}/data.qcow2"), &format!("needs: pool {pool} is there and runs"));
    lab.converges().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_grows_under_the_machine_that_runs_with_it() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    lab.converges().await?;
    let larger = || {
        Pipeline::start().run(lab.volume(|fields| {
            fields.name = "web.qcow2".parse().unwrap();
            fields.capacity = Some(ByteSize::gib(2));
        }))
    };
    let plan = larger().plan(&lab.ctx(), on(&libvirt)).await?;
    assert!(plan.to_string().contains("capacity: 1 GiB -> 2 GiB\n"), "{plan}");
    assert!(larger().execute(&lab.ctx(), on(&libvirt)).await?.changed());
    let seen = lab.virsh(&["domblkinfo", &lab.name("web"), "vda"])?;
    assert!(seen.contains(&(2_u64 << 30).to_string()), "the guest has the room at once: {seen}");
    proven_noop(&larger().plan(&lab.ctx(), on(&libvirt)).await?);
    Ok(())
}

/// Every field that a spec has, set once: what was just made is found as it was wanted.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_just_made_is_taken_for_changed() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    let site = everything(&lab);
    let made = site.execute(&lab.ctx(), on(&libvirt)).await?;
    assert!(made.changed());
    proven_noop(&site.plan(&lab.ctx(), on(&libvirt)).await?);
    let again = site.execute(&lab.ctx(), on(&libvirt)).await?;
    assert!(!again.changed(), "{:?}", again.completed);
    for network in ["nat", "routed", "switch"] {
        lab.virsh(&["net-destroy", &lab.name(network)])?;
    }
    let _ = site.execute(&lab.ctx(), on(&libvirt)).await?;
    proven_noop(&site.plan(&lab.ctx(), on(&libvirt)).await?);
    let _ = site.teardown(&lab.ctx(), on(&libvirt)).await?;
    Ok(())
}

fn everything(lab: &Lab) -> Site {
    let site =
        Pipeline::start().run(lab.pool()).run(lab.iso()).run(lab.disk()).run(lab.volume(|_| {}));
    let site = volumes(lab).into_iter().fold(site, Pipeline::run);
    let site = networks(lab).into_iter().fold(site, Pipeline::run);
    machines(lab).into_iter().fold(site, Pipeline::run)
}

fn volumes(lab: &Lab) -> Vec<VolumeScore> {
    let pool = lab.name("pool");
    let base = VolumeRef::new(&pool, "data.qcow2").unwrap();
    let backing = Backing { source: base.into(), format: VolumeFormat::Qcow2 };
    let raw = VolumeSpec::builder().pool(&pool).name("raw.img").format(VolumeFormat::Raw);
    let upon = VolumeSpec::builder().pool(&pool).name("upon.qcow2").backing(backing);
    vec![
        raw.capacity(ByteSize::bytes((1 << 20) + 512)).build().unwrap().into(),
        upon.capacity("3 GiB").build().unwrap().into(),
    ]
}

fn networks(lab: &Lab) -> Vec<VirtualNetworkScore> {
    let subnet = |third: u8, last: &str| format!("10.{third}.{}.{last}", lab.subnet());
    let nat = NetworkSpec::builder()
        .name(lab.name("nat"))
        .mode(NetworkMode::Nat)
        .subnet(subnet(178, "0/24"))
        .gateway(subnet(178, "254").as_str())
        .dhcp_range(format!("{}-{}", subnet(178, "10"), subnet(178, "19")))
        .dhcp_range(format!("{}-{}", subnet(178, "30"), subnet(178, "39")))
        .lease(lab.mac(60), subnet(178, "60").as_str())
        .named_lease("db", lab.mac(61), subnet(178, "61").as_str())
        .dns_host(subnet(178, "70").as_str(), ["one", "two.lan"])
        .domain("harmony.lan")
        .tftp_root("/var/tmp")
        .boot(NetworkBoot::file("boot.ipxe"))
        .autostart(true)
        .build();
    let routed = NetworkSpec::builder()
        .name(lab.name("routed"))
        .mode(NetworkMode::Routed { dev: Some("lo".parse().unwrap()) })
        .subnet(subnet(179, "0/28"))
        .build();
    let switch = NetworkSpec::builder().name(lab.name("switch")).protect(false).build();
    vec![nat.unwrap().into(), routed.unwrap().into(), switch.unwrap().into()]
}

fn machines(lab: &Lab) -> Vec<VirtualMachineScore> {
    let pool = lab.name("pool");
    let named = |name: &str| VmSpec::builder().name(lab.name(name)).vcpus(2).memory("131072 KiB");
    let log = |name: &str| lab.files().join(name).to_string_lossy().into_owned();
    let full = named("full")
        .machine(Machine::Q35)
        .firmware(Firmware::Bios)
        .cpu(CpuMode::Maximum)
        .disk(Disk::volume(&pool, "web.qcow2"))
        .disk(
            Disk::volume(&pool, "raw.img")
                .map(|disk| disk.bus(DiskBus::Sata).format(VolumeFormat::Raw)),
        )
        .disk(Disk::volume(&pool, "upon.qcow2"))
        .cdrom(Cdrom::volume(&pool, "installer.iso"))
        .cdrom(Cdrom::empty())
        .nic(Nic::on(lab.name("nat")).unwrap().mac(lab.mac(60)).model(NicModel::E1000e))
        .network(lab.name("switch"))
        .boot_order([BootDevice::DiskAt(1), BootDevice::Cdrom, BootDevice::Network])
        .serial_log(log("full.log"))
        .cloud_init(
            CloudInit::builder()
                .pool(&pool)
                .hostname("full")
                .user(CloudUser::new("ops").sudo())
                .build(),
        )
        .guest_agent(true)
        .autostart(true);
    let kernel = KernelBoot::kernel("/boot/vmlinuz").and_then(|it| it.initrd("/boot/initrd"));
    let direct = named("direct")
        .machine(Machine::Pc)
        .kernel(kernel.map(|it| it.cmdline("console=ttyS0 quiet")))
        .cpu(CpuMode::Named("qemu64".into()))
        .serial_log(log("direct.log"));
    let plain = named("plain").cpu(CpuMode::HostModel).power(Power::Defined).protect(false);
    let uefi = named("uefi").firmware(Firmware::Uefi).machine(Machine::Q35).power(Power::Defined);
    vec![
        full.build().unwrap().into(),
        direct.power(Power::Defined).build().unwrap().into(),
        plain.build().unwrap().into(),
        uefi.build().unwrap().into(),
    ]
}
