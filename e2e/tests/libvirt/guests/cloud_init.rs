//! A Debian that is told who it is.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::guest::CloudImage;
use e2e::{Cache, run};
use harmony_capabilities::virtualization::{
    AddressSource, Backing, BootSign, CloudInit, CloudUser, Disk, DiskSource, GuestAddress,
    Hypervisor, KernelBoot, Nic, Power, ShutDown, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VmSpec, VolumeFormat, VolumeScore, VolumeSpec,
};
use harmony_phases::Topology;
use harmony_phases::context::{Look, WaitError, Waiting};
use harmony_providers::kvm_host::KvmHost;
use harmony_types::{ByteSize, Port};

use super::lab::{BOOT, Lab};
use super::specs;

const NETWORK: u8 = 6;

#[tokio::test]
async fn a_debian_takes_name_user_and_key_from_its_seed_and_is_found_by_every_source() -> Result<()>
{
    let lab = Lab::new()?;
    let image = CloudImage::cached(&Cache::open()?)?;
    let key = public_key(&lab)?;
    let machine = debian(&lab, &image, &key)?;
    let site = lab
        .site()
        .run(StoragePoolScore::new(specs::pool(&lab)?))
        .run(VirtualNetworkScore::new(specs::lan(&lab, NETWORK, |_| {})?))
        .run(VolumeScore::new(disk(&lab, &image)?))
        .run(VirtualMachineScore::new(machine.clone()));
    let host = lab.build(&site).await?;

    let login = BootSign::SerialLine("seeded login:".to_owned());
    host.wait_until_booted(lab.ctx(), &machine.name, &login, Some(BOOT)).await?;
    let sshd = BootSign::Port(Port::new(22)?);
    let seen = host.wait_until_booted(lab.ctx(), &machine.name, &sshd, Some(BOOT)).await?;
    ensure!(seen == format!("{}:22", specs::address(NETWORK)), "{seen}");
    let said = ask(&lab, "hostname; id -un; sudo -n id -un; df --output=size / | tail -n 1")?;
    let words: Vec<_> = said.split_whitespace().collect();
    ensure!(words[..3] == ["seeded", "ops", "root"], "{said}");
    let kib: u64 = words[3].parse()?;
    ensure!(kib > 5 << 19, "its file system did not grow with its volume: {kib} KiB");

    for source in [AddressSource::Lease, AddressSource::Agent, AddressSource::Arp] {
        is_found_by(&lab, &host, &machine, source).await.with_context(|| format!("{source:?}"))?;
    }
    let _ = lab.rebuild(&site).await?;
    let off = host.shut_down_machine(lab.ctx(), &machine.name, BOOT).await?;
    ensure!(off == ShutDown::Off, "{off:?}");
    lab.take_down(&site).await
}

#[tokio::test]
async fn another_seed_takes_the_place_of_the_one_before() -> Result<()> {
    let lab = Lab::new()?;
    let site = |hostname: &str| {
        let seed = CloudInit::builder().pool(lab.name("pool")).hostname(hostname).build()?;
        let machine = specs::machine(&lab, "renamed", |fields| {
            fields.cloud_init = Some(seed);
            fields.power = Power::Defined;
        })?;
        let pool = StoragePoolScore::new(specs::pool(&lab)?);
        Ok::<_, anyhow::Error>(lab.site().run(pool).run(VirtualMachineScore::new(machine)))
    };
    let _ = lab.build(&site("first")?).await?;
    let before = seeds(&lab)?;
    let second = site("second")?;
    let _ = lab.build(&second).await?;
    let after = seeds(&lab)?;
    ensure!((before.len(), after.len()) == (1, 1) && before != after, "{before:?}, {after:?}");
    lab.take_down(&second).await
}

/// The seeds in the test's pool.
fn seeds(lab: &Lab) -> Result<Vec<String>> {
    let files = std::fs::read_dir(lab.path("pool"))?.flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    Ok(names.filter(|name| name.contains("-seed-") && !name.starts_with('.')).collect())
}

/// A disk of 3 GiB over the image, which has 2.
fn disk(lab: &Lab, image: &CloudImage) -> Result<VolumeSpec> {
    let path = image.disk().to_string_lossy().parse()?;
    let backing = Backing { source: DiskSource::File(path), format: VolumeFormat::Qcow2 };
    let builder = VolumeSpec::builder().pool(lab.name("pool")).name("debian.qcow2");
    Ok(builder.capacity(ByteSize::gib(3)).backing(backing).build()?)
}

fn debian(lab: &Lab, image: &CloudImage, key: &str) -> Result<VmSpec> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let kernel = KernelBoot::kernel(text(image.vmlinuz()))?
        .initrd(text(image.initrd()))?
        .cmdline(image.cmdline());
    let seed = CloudInit::builder()
        .pool(lab.name("pool"))
        .hostname("seeded")
        .user(CloudUser::new("ops").key(key).sudo())
        .build()?;
    let disk = Disk::from(specs::volume(lab, "debian.qcow2")?);
    let nic = Nic::on(lab.name(&format!("lan-{NETWORK}")))?.mac(specs::mac(NETWORK));
    specs::machine(lab, "debian", |fields| {
        fields.vcpus = 2;
        fields.memory = ByteSize::mib(768);
        fields.kernel = Some(kernel);
        fields.disks = vec![disk];
        fields.nics = vec![nic];
        fields.guest_agent = Some(true);
        fields.cloud_init = Some(seed);
    })
}

/// Makes a key of the test's own, and returns its public half.
fn public_key(lab: &Lab) -> Result<String> {
    let file = lab.place("key");
    run(Path::new("/"), "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &file])?;
    Ok(std::fs::read_to_string(lab.path("key.pub"))?.trim().to_owned())
}

/// Runs `command` in the guest, as the user of its seed.
fn ask(lab: &Lab, command: &str) -> Result<String> {
    let (key, guest) = (lab.place("key"), format!("ops@{}", specs::address(NETWORK)));
    let options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
    let mut args = vec!["-i", &key, "-o", "LogLevel=ERROR"];
    args.extend(options.iter().flat_map(|option| ["-o", option]));
    args.extend([guest.as_str(), command]);
    run(Path::new("/"), "ssh", &args)
}

/// The guest's agent comes up some time after its login.
async fn is_found_by(
    lab: &Lab,
    host: &Topology<KvmHost>,
    machine: &VmSpec,
    source: AddressSource,
) -> Result<(), WaitError> {
    let expected = specs::address(NETWORK);
    let ours = |it: &GuestAddress| it.source == source && it.ip.to_string() == expected;
    let waiting = Waiting::until(format!("{source:?} knows {expected}")).deadline(BOOT);
    let found = lab.ctx().wait(waiting, || async {
        Ok(match host.addresses(&machine.name, source).await {
            Ok(found) if found.iter().any(ours) => Look::Seen(()),
            Ok(found) => Look::NotYet(format!("{found:?}")),
            Err(error) => Look::NotYet(error.to_string()),
        })
    });
    found.await
}
