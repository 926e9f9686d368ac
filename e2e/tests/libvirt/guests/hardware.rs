//! What machines are made of.

use anyhow::{Context as _, Result, ensure};
use e2e::guest::READY_LINE;
use harmony_capabilities::virtualization::{
    Acceleration, BootDevice, BootSign, Cdrom, CpuMode, Disk, DiskBus, Firmware, Hypervisor,
    Machine, Nic, NicModel, Power, StoragePoolScore, VirtualMachineScore, VirtualNetworkScore,
    VmFields, VolumeScore,
};
use harmony_providers::kvm_host::ConnectHypervisor;

use super::lab::{BOOT, Lab};
use super::specs;

#[tokio::test]
async fn a_guest_sees_the_board_the_processor_and_the_memory_that_were_asked_for() -> Result<()> {
    let lab = Lab::new()?;
    let site = |autostart| {
        let network = specs::lan(&lab, 7, |net| net.autostart = Some(autostart))?;
        let machine = specs::tiny(&lab, "board", 7, |fields| {
            fields.machine = Some(Machine::Pc);
            fields.firmware = Some(Firmware::Bios);
            fields.cpu = Some(CpuMode::Named("qemu64".to_owned()));
            fields.vcpus = 2;
            fields.autostart = Some(autostart);
        })?;
        let (network, machine) =
            (VirtualNetworkScore::new(network), VirtualMachineScore::new(machine));
        Ok::<_, anyhow::Error>(lab.site().run(network).run(machine))
    };
    let host = lab.build(&site(true)?).await?;
    let sign = BootSign::SerialLine(READY_LINE.to_owned());
    let name = lab.name("board");
    let ready = host.wait_until_booted(lab.ctx(), &name.parse()?, &sign, Some(BOOT)).await?;
    ensure!(ready.contains("cpus=2"), "{ready}");
    let live = lab.virsh(&["dumpxml", &name])?;
    ensure!(live.contains("machine='pc-i440fx") && live.contains(">qemu64</model>"), "{live}");

    let starts_with_the_host = || {
        let machines = lab.virsh(&["list", "--all", "--autostart", "--name"])?;
        let networks = lab.virsh(&["net-list", "--all", "--autostart", "--name"])?;
        Ok::<_, anyhow::Error>((machines.contains(&name), networks.contains(&lab.name("lan-7"))))
    };
    ensure!(starts_with_the_host()? == (true, true));
    let _ = lab.build(&site(false)?).await?;
    ensure!(starts_with_the_host()? == (false, false));
    lab.take_down(&site(false)?).await
}

#[tokio::test]
async fn devices_are_wired_and_ordered_as_described() -> Result<()> {
    let lab = Lab::new()?;
    let network = specs::lan(&lab, 8, |_| {})?;
    let card = |number| Nic::from(network.name.clone()).mac(specs::mac(number));
    let cards = vec![card(8), card(9).model(NicModel::E1000e), card(10).model(NicModel::Virtio)];
    let disks = [specs::volume(&lab, "first.qcow2")?, specs::volume(&lab, "second.qcow2")?];
    let machine = specs::machine(&lab, "wired", |fields| {
        let [first, second] = disks;
        fields.machine = Some(Machine::Q35);
        fields.disks = vec![Disk::from(first), Disk::from(second).bus(DiskBus::Sata)];
        fields.cdroms = vec![Cdrom::empty()];
        fields.nics = cards;
        fields.boot_order = ["cdrom", "network:2", "disk:1", "disk"]
            .map(|device| device.parse::<BootDevice>().expect("the names of devices"))
            .to_vec();
        fields.power = Power::Defined;
    })?;
    let site = lab
        .site()
        .run(StoragePoolScore::new(specs::pool(&lab)?))
        .run(VirtualNetworkScore::new(network))
        .run_all([
            VolumeScore::new(specs::blank(&lab, "first.qcow2")?),
            VolumeScore::new(specs::blank(&lab, "second.qcow2")?),
        ])
        .run(VirtualMachineScore::new(machine.clone()));
    let _ = lab.build(&site).await?;

    let xml = lab.virsh(&["dumpxml", machine.name.as_str()])?;
    let places = [("sdb", "1"), ("52:54:00:c9:0a:0a", "2"), ("sda", "3"), ("vda", "4")];
    for (device, place) in places {
        ensure!(order_of(&xml, device) == Some(place), "{device} is not number {place}: {xml}");
    }
    for other in ["52:54:00:c9:08:0a", "52:54:00:c9:09:0a"] {
        ensure!(order_of(&xml, other).is_none(), "{other} is not booted from: {xml}");
    }
    ensure!(xml.contains("machine='pc-q35") && xml.contains("type='e1000e'"), "{xml}");
    lab.take_down(&site).await
}

/// `/dev/kvm` may be there and yet no kernel boots under it: what is probed can be overruled.
#[tokio::test]
async fn how_guest_code_runs_is_probed_and_can_be_overruled() -> Result<()> {
    let lab = Lab::new()?;
    let of = |name: &str, acceleration: Acceleration| {
        let described = |fields: &mut VmFields| {
            fields.acceleration = acceleration;
            fields.power = Power::Defined;
        };
        Ok::<_, anyhow::Error>(VirtualMachineScore::new(specs::machine(&lab, name, described)?))
    };
    let probed = lab.site().run(of("probed", Acceleration::Auto)?);
    let _ = lab.build(&probed).await?;
    let kvm = ["domcapabilities", "--virttype", "kvm", "--machine", "q35"];
    let best = if lab.virsh(&kvm).is_ok() { "kvm" } else { "qemu" };
    ensure!(kind_of(&lab, "probed")? == best);

    let overruled = lab.site().run(of("probed", Acceleration::Tcg)?);
    let _ = match best {
        "kvm" => lab.build(&overruled).await?,
        _ => lab.rebuild(&overruled).await?,
    };
    ensure!(kind_of(&lab, "probed")? == "qemu");
    // What a machine is, and can go on being, is no drift from what was probed.
    let _ = lab.rebuild(&probed).await?;
    lab.take_down(&probed).await?;

    let told = ConnectHypervisor::new(lab.uri()).acceleration(Acceleration::Tcg);
    let told = Lab::site_by(told).run(of("told", Acceleration::Auto)?);
    let _ = lab.build(&told).await?;
    ensure!(kind_of(&lab, "told")? == "qemu", "the whole hypervisor was told to emulate");
    lab.take_down(&told).await
}

/// Where libvirt offers no KVM to begin with, there is nothing that could break.
#[tokio::test]
async fn a_start_that_fails_for_want_of_kvm_says_how_to_emulate_and_that_works() -> Result<()> {
    let mut lab = Lab::alone()?;
    let of = |lab: &Lab, acceleration, power| {
        let described = |fields: &mut VmFields| {
            fields.acceleration = acceleration;
            fields.power = power;
        };
        let machine = specs::machine(lab, "unlucky", described)?;
        Ok::<_, anyhow::Error>(lab.site().run(VirtualMachineScore::new(machine)))
    };
    let defined = of(&lab, Acceleration::Auto, Power::Defined)?;
    let _ = lab.build(&defined).await?;
    if kind_of(&lab, "unlucky")? != "kvm" {
        return Ok(());
    }
    lab.break_kvm()?;
    let started = of(&lab, Acceleration::Auto, Power::Running)?;
    let error = lab.build(&started).await.expect_err("it started without KVM");
    ensure!(format!("{error:#}").contains("--acceleration tcg"), "{error:#}");
    let emulated = of(&lab, Acceleration::Tcg, Power::Running)?;
    let _ = lab.build(&emulated).await?;
    ensure!(kind_of(&lab, "unlucky")? == "qemu");
    lab.take_down(&emulated).await
}

/// Which kind of domain a machine is defined as.
fn kind_of(lab: &Lab, name: &str) -> Result<String> {
    let xml = lab.virsh(&["dumpxml", "--inactive", &lab.name(name)])?;
    let kind = xml.split_once("<domain type='").and_then(|(_, rest)| rest.split('\'').next());
    Ok(kind.context("a definition without a kind")?.to_owned())
}

/// The place in the boot order of the device whose element mentions `mark`.
fn order_of<'a>(xml: &'a str, mark: &str) -> Option<&'a str> {
    let quoted = format!("'{mark}'");
    let devices = xml.split("</disk>").flat_map(|part| part.split("</interface>"));
    let device = devices.into_iter().find(|part| part.contains(&quoted))?;
    device.split_once("<boot order='")?.1.split('\'').next()
}
