//! Machines with UEFI firmware, and its variables.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::guest::READY_LINE;
use harmony_capabilities::virtualization::{
    BootSign, Firmware, Hypervisor, ShutDown, Undefine, VirtualMachineScore, VirtualNetworkScore,
};
use harmony_types::ByteSize;

use super::lab::{BOOT, Lab, done};
use super::specs;

#[tokio::test]
async fn a_kernel_boots_under_uefi_and_its_variables_outlive_an_update() -> Result<()> {
    let lab = Lab::new()?;
    let network = VirtualNetworkScore::new(specs::lan(&lab, 5, |_| {})?);
    let of = |memory| {
        specs::tiny(&lab, "uefi", 5, |fields| {
            fields.firmware = Some(Firmware::Uefi);
            fields.memory = memory;
        })
    };
    let machine = of(ByteSize::mib(384))?;
    let site = |machine| lab.site().run(network.clone()).run(VirtualMachineScore::new(machine));
    let first = site(machine.clone());
    let host = lab.build(&first).await?;
    let sign = BootSign::SerialLine(READY_LINE.to_owned());
    let ready = host.wait_until_booted(lab.ctx(), &machine.name, &sign, Some(BOOT)).await?;
    ensure!(ready.contains("firmware=uefi"), "{ready}");
    let uuid = lab.virsh(&["domuuid", machine.name.as_str()])?;
    let variables = nvram(&lab, machine.name.as_str())?;
    ensure!(Path::new(&variables).exists(), "{variables} is not there");

    ensure!(host.shut_down_machine(lab.ctx(), &machine.name, BOOT).await? == ShutDown::Off);
    let written = fs::read(&variables)?;
    let larger = of(ByteSize::mib(448))?;
    done(&host.define_machine(lab.ctx(), &lab.ctx().mark(), &larger).await?)?;
    ensure!(lab.virsh(&["domuuid", machine.name.as_str()])? == uuid, "the machine is another");
    ensure!(fs::read(&variables)? == written, "the variables were made anew");
    let second = site(larger.clone());
    let host = lab.build(&second).await?;
    ensure!(nvram(&lab, machine.name.as_str())? == variables, "the variables lie elsewhere");

    let ctx = lab.ctx();
    done(&host.power_off_machine(ctx, &machine.name).await?)?;
    done(&host.undefine_machine(ctx, &machine.name, Undefine::default()).await?)?;
    ensure!(Path::new(&variables).exists(), "the variables went although nobody asked");
    done(&host.define_machine(ctx, &ctx.mark(), &larger).await?)?;
    let with = Undefine { nvram: true, ..Undefine::default() };
    done(&host.undefine_machine(ctx, &machine.name, with).await?)?;
    ensure!(!Path::new(&variables).exists(), "the variables are still there");

    let _ = lab.build(&second).await?;
    lab.take_down(&second).await?;
    ensure!(!Path::new(&variables).exists(), "a teardown leaves the variables");
    Ok(())
}

/// Where a running machine's firmware keeps its variables.
fn nvram(lab: &Lab, name: &str) -> Result<String> {
    let xml = lab.virsh(&["dumpxml", name])?;
    let element = xml.split_once("<nvram").map(|(_, rest)| rest);
    let path = element.and_then(|rest| rest.split_once('>')?.1.split('<').next());
    Ok(path.context("its firmware has no variables")?.to_owned())
}
