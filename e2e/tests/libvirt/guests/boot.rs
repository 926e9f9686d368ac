//! A machine that boots a kernel directly.

use anyhow::{Result, ensure};
use e2e::guest::{LEASE_LINE, POWEROFF_LINE, READY_LINE};
use harmony_capabilities::virtualization::{
    BootSign, Hypervisor, ShutDown, VirtualMachineScore, VirtualNetworkScore, VirtualNetworks,
};

use super::lab::{BOOT, Lab};
use super::specs;

#[tokio::test]
async fn a_kernel_boots_takes_its_lease_and_shuts_down() -> Result<()> {
    let lab = Lab::new()?;
    let (network, machine) =
        (specs::lan(&lab, 1, |_| {})?, specs::tiny(&lab, "boots", 1, |fields| fields.vcpus = 2)?);
    let site = lab
        .site()
        .run(VirtualNetworkScore::new(network.clone()))
        .run(VirtualMachineScore::new(machine.clone()));
    let host = lab.build(&site).await?;

    let sign = BootSign::SerialLine(READY_LINE.to_owned());
    let ready = host.wait_until_booted(lab.ctx(), &machine.name, &sign, Some(BOOT)).await?;
    ensure!(ready.contains(Lab::tiny()?.kernel_version()), "{ready}");
    ensure!(ready.contains("cpus=2") && ready.contains("firmware=bios"), "{ready}");
    let lease = lab.line(&lab.serial("boots"), LEASE_LINE, 1).await?;
    ensure!(lease.contains(&format!("ip={} hostname=leased", specs::address(1))), "{lease}");
    let leases = host.leases(&network.name).await?;
    ensure!(leases.iter().any(|lease| lease.mac == specs::mac(1)), "{leases:?}");
    let _ = lab.rebuild(&site).await?;

    let off = host.shut_down_machine(lab.ctx(), &machine.name, BOOT).await?;
    ensure!(off == ShutDown::Off, "{off:?}");
    ensure!(lab.serial("boots").text().contains(POWEROFF_LINE), "the guest was not asked");
    let plan = site.plan(lab.ctx(), Lab::start()).await?;
    ensure!(plan.to_string().contains("power"), "a machine that is off is drift: {plan}");
    // Built again it runs again, and is taken down running.
    let _ = lab.build(&site).await?;
    lab.take_down(&site).await
}
