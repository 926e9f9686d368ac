//! What the tests' networks, pools and machines look like, unless a test says otherwise.

use std::net::Ipv4Addr;
use std::process;

use anyhow::Result;
use e2e::guest::TinyGuest;
use harmony_capabilities::virtualization::{
    Acceleration, KernelBoot, NetworkFields, NetworkMode, NetworkSpec, Nic, PoolSpec, VmFields,
    VmSpec, VolumeRef, VolumeSpec,
};
use harmony_types::{ByteSize, MacAddress};

use super::Lab;

/// The card whose address in the network `number` is [`address`].
pub(super) const fn mac(number: u8) -> MacAddress {
    MacAddress::qemu([201, number, 10])
}

/// The address of a host in the network `number`.
///
/// Two processes that run these tests at the same time hardly ever meet in one subnet.
pub(super) fn host(number: u8, host: u8) -> Ipv4Addr {
    let process = u8::try_from(process::id() % 56).unwrap_or_default();
    Ipv4Addr::new(10, 200 + process, number, host)
}

/// The subnet of the network `number`.
pub(super) fn subnet(number: u8) -> String {
    format!("{}/24", host(number, 0))
}

/// The address that the network `number` always gives to [`mac`].
pub(super) fn address(number: u8) -> String {
    host(number, 10).to_string()
}

/// A NAT network called `lan-<number>`, with a lease for one card.
pub(super) fn lan(
    lab: &Lab,
    number: u8,
    change: impl FnOnce(&mut NetworkFields),
) -> Result<NetworkSpec> {
    let spec = NetworkSpec::builder()
        .name(lab.name(&format!("lan-{number}")))
        .mode(NetworkMode::Nat)
        .subnet(subnet(number))
        .dhcp_range(format!("{}-{}", host(number, 100), host(number, 120)))
        .named_lease("leased", mac(number), host(number, 10))
        .build()?;
    let mut fields = spec.into_fields();
    change(&mut fields);
    Ok(NetworkSpec::try_from(fields)?)
}

/// The pool of the test's own folder.
pub(super) fn pool(lab: &Lab) -> Result<PoolSpec> {
    Ok(PoolSpec::builder().name(lab.name("pool")).path(lab.place("pool")).build()?)
}

/// An empty disk of 64 MiB in that pool.
pub(super) fn blank(lab: &Lab, name: &str) -> Result<VolumeSpec> {
    let size = ByteSize::mib(64);
    Ok(VolumeSpec::builder().pool(lab.name("pool")).name(name).capacity(size).build()?)
}

/// The volume `name` of that pool.
pub(super) fn volume(lab: &Lab, name: &str) -> Result<VolumeRef> {
    Ok(VolumeRef::new(lab.name("pool"), name)?)
}

/// An emulated machine with little memory and a serial log, and nothing to boot from.
pub(super) fn machine(lab: &Lab, name: &str, change: impl FnOnce(&mut VmFields)) -> Result<VmSpec> {
    let spec = VmSpec::builder()
        .name(lab.name(name))
        .vcpus(1)
        .memory(ByteSize::mib(128))
        .acceleration(Acceleration::Tcg)
        .serial_log(lab.serial(name).path().to_string_lossy().into_owned())
        .build()?;
    let mut fields = spec.into_fields();
    change(&mut fields);
    Ok(VmSpec::try_from(fields)?)
}

/// A machine that boots the tiny guest's kernel, with the leased card of the network `number`.
pub(super) fn tiny(
    lab: &Lab,
    name: &str,
    number: u8,
    change: impl FnOnce(&mut VmFields),
) -> Result<VmSpec> {
    let kernel = kernel(&Lab::tiny()?)?;
    let nic = Nic::on(lab.name(&format!("lan-{number}")))?.mac(mac(number));
    machine(lab, name, |fields| {
        fields.kernel = Some(kernel);
        fields.nics = vec![nic];
        change(fields);
    })
}

fn kernel(guest: &TinyGuest) -> Result<KernelBoot> {
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    Ok(KernelBoot::kernel(text(guest.vmlinuz()))?
        .initrd(text(guest.initrd()))?
        .cmdline(guest.cmdline()))
}
