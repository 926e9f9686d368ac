//! The verbs of a hypervisor, one after the other.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::guest::{POWEROFF_LINE, READY_LINE};
use harmony_capabilities::virtualization::{
    AddressSource, BootSign, Cdrom, Checksum, Disk, Hypervisor, ImageSource, IsoImageScore,
    IsoSpec, PowerStatus, ShutDown, StoragePoolScore, StoragePools, Undefine, VirtualNetworkScore,
    VirtualizationError, VirtualizationErrorKind, VmSpec, VolumeScore,
};
use harmony_phases::Topology;
use harmony_providers::kvm_host::KvmHost;
use harmony_types::{ObjectName, Port};

use super::lab::{BOOT, Lab, done, idle};
use super::specs;

#[tokio::test]
async fn a_machine_obeys_every_verb() -> Result<()> {
    let lab = Lab::new()?;
    let site = lab.site().run(VirtualNetworkScore::new(specs::lan(&lab, 2, |_| {})?));
    let host = lab.build(&site).await?;
    let (ctx, spec) = (lab.ctx(), specs::tiny(&lab, "verbs", 2, |_| {})?);
    let name = &spec.name;

    idle(&host.undefine_machine(ctx, name, Undefine::default()).await?)?;
    done(&host.define_machine(ctx, &ctx.mark(), &spec).await?)?;
    idle(&host.define_machine(ctx, &ctx.mark(), &spec).await?)?;
    ensure!(power(&host, name).await? == PowerStatus::Off, "to define is not to start");
    refused(host.reset_machine(ctx, name).await)?;
    is_listed(&host, &spec).await?;

    done(&host.start_machine(ctx, name).await?)?;
    idle(&host.start_machine(ctx, name).await?)?;
    ensure!(power(&host, name).await? == PowerStatus::Running, "to start is to run");
    refused(host.undefine_machine(ctx, name, Undefine::default()).await)?;
    comes_up_by_every_sign(&lab, &host, name).await?;
    has_its_address(&host, name).await?;

    done(&host.reset_machine(ctx, name).await?)?;
    lab.line(&lab.serial("verbs"), READY_LINE, 2).await?;
    ensure!(host.shut_down_machine(ctx, name, BOOT).await? == ShutDown::Off, "it obeys");
    ensure!(lab.serial("verbs").text().contains(POWEROFF_LINE), "the guest was not asked");
    ensure!(host.shut_down_machine(ctx, name, BOOT).await? == ShutDown::Off, "it is off");
    idle(&host.power_off_machine(ctx, name).await?)?;

    done(&host.undefine_machine(ctx, name, Undefine::default()).await?)?;
    idle(&host.undefine_machine(ctx, name, Undefine::default()).await?)?;
    ensure!(host.machine(name).await?.is_none(), "it is gone");
    lab.take_down(&site).await
}

#[tokio::test]
async fn a_guest_that_ignores_the_button_runs_on_until_its_plug_is_pulled() -> Result<()> {
    let lab = Lab::new()?;
    let host = lab.rebuild(&lab.site()).await?;
    let (ctx, spec) = (lab.ctx(), specs::machine(&lab, "stubborn", |_| {})?);
    let name = &spec.name;
    done(&host.ensure_machine(ctx, &ctx.mark(), &spec).await?)?;
    idle(&host.ensure_machine(ctx, &ctx.mark(), &spec).await?)?;

    let deadline = Duration::from_secs(1);
    let asked = host.shut_down_machine(ctx, name, deadline).await?;
    ensure!(asked == ShutDown::StillRunning, "nobody in there could have listened: {asked:?}");
    let sign = BootSign::SerialLine(READY_LINE.to_owned());
    let never = host.wait_until_booted(ctx, name, &sign, Some(deadline)).await;
    let kind = never.err().map(|error| error.kind());
    ensure!(kind == Some(VirtualizationErrorKind::TimedOut), "{kind:?}");
    ensure!(power(&host, name).await? == PowerStatus::Running, "waiting is no verdict");

    done(&host.power_off_machine(ctx, name).await?)?;
    idle(&host.power_off_machine(ctx, name).await?)?;
    done(&host.remove_machine(ctx, &ctx.mark(), name).await?)?;
    idle(&host.remove_machine(ctx, &ctx.mark(), name).await?)?;
    lab.take_down(&lab.site()).await
}

#[tokio::test]
async fn undefining_takes_volumes_only_when_asked_and_never_what_a_cdrom_holds() -> Result<()> {
    let lab = Lab::new()?;
    fs::write(lab.path("some.iso"), vec![7; 4096])?;
    let iso = ImageSource::file(lab.path("some.iso"), Checksum::Unverified);
    let iso = IsoSpec::builder().pool(lab.name("pool")).name("some.iso").source(iso).build()?;
    let site = lab
        .site()
        .run(StoragePoolScore::new(specs::pool(&lab)?))
        .run(VolumeScore::new(specs::blank(&lab, "disk.qcow2")?))
        .run(IsoImageScore::new(iso));
    let host = lab.build(&site).await?;
    let (disk, cdrom) = (specs::volume(&lab, "disk.qcow2")?, specs::volume(&lab, "some.iso")?);
    let spec = specs::machine(&lab, "owner", |fields| {
        fields.disks = vec![Disk::from(disk.clone())];
        fields.cdroms = vec![Cdrom::from(cdrom)];
    })?;
    let ctx = lab.ctx();

    done(&host.define_machine(ctx, &ctx.mark(), &spec).await?)?;
    done(&host.undefine_machine(ctx, &spec.name, Undefine::default()).await?)?;
    ensure!(volumes(&host, &disk.pool).await? == ["disk.qcow2", "some.iso"], "both stay");

    done(&host.define_machine(ctx, &ctx.mark(), &spec).await?)?;
    let with = Undefine { volumes: true, ..Undefine::default() };
    done(&host.undefine_machine(ctx, &spec.name, with).await?)?;
    ensure!(volumes(&host, &disk.pool).await? == ["some.iso"], "the disk went along");
    lab.take_down(&site).await
}

async fn power(host: &Topology<KvmHost>, name: &ObjectName) -> Result<PowerStatus> {
    Ok(host.machine(name).await?.context("the machine is not there")?.power)
}

async fn volumes(host: &Topology<KvmHost>, pool: &ObjectName) -> Result<Vec<String>> {
    let mut names: Vec<_> = host.volumes(pool).await?.into_iter().map(|it| it.name).collect();
    names.sort();
    Ok(names)
}

async fn is_listed(host: &Topology<KvmHost>, spec: &VmSpec) -> Result<()> {
    let all = host.machines().await?;
    let found = all.iter().find(|found| found.name == spec.name.as_str());
    let found = found.context("a list of machines lacks one")?;
    ensure!((found.vcpus, found.memory) == (spec.vcpus, spec.memory), "{found:?}");
    ensure!(found.macs == [specs::mac(2)], "{found:?}");
    ensure!(found.mark.as_ref().is_some_and(|mark| mark.site.as_str() == "guests"), "{found:?}");
    Ok(())
}

async fn comes_up_by_every_sign(
    lab: &Lab,
    host: &Topology<KvmHost>,
    name: &ObjectName,
) -> Result<()> {
    let address = specs::address(2);
    let line = BootSign::SerialLine(READY_LINE.to_owned());
    let port = BootSign::Port(Port::new(80)?);
    for (sign, expected) in
        [(line, READY_LINE), (BootSign::Lease, &address), (port, &format!("{address}:80"))]
    {
        let seen = host.wait_until_booted(lab.ctx(), name, &sign, Some(BOOT)).await?;
        ensure!(seen.contains(expected), "by {sign}: {seen}");
    }
    Ok(())
}

/// By its lease, and by the host's table of neighbours: the port was just talked to.
async fn has_its_address(host: &Topology<KvmHost>, name: &ObjectName) -> Result<()> {
    for source in [AddressSource::Lease, AddressSource::Arp] {
        let found = host.addresses(name, source).await?;
        let ours = |it: &&_| {
            let harmony_capabilities::virtualization::GuestAddress { mac, ip, .. } = it;
            *mac == Some(specs::mac(2)) && ip.to_string() == specs::address(2)
        };
        ensure!(found.iter().find(ours).is_some(), "by {source:?}: {found:?}");
    }
    Ok(())
}

fn refused<T>(answer: Result<T, VirtualizationError>) -> Result<()> {
    let kind = answer.err().map(|error| error.kind());
    ensure!(kind == Some(VirtualizationErrorKind::Refused), "{kind:?}");
    Ok(())
}
