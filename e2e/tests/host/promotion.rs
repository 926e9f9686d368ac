//! From a bare Debian to machines that run on it, over one SSH connection.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::guest::{LEASE_LINE, READY_LINE, TftpRoot, TinyGuest};
use e2e::host::{Footprint, TestHost, TestHosts};
use e2e::{Cache, Scratch};
use harmony_capabilities::virtualization::{
    Acceleration, AddressSource, BootDevice, BootSign, Checksum, Hypervisor, ImageSource,
    KernelBoot, NetworkBoot, NetworkMode, NetworkSpec, Nic, PoolSpec, StoragePoolScore,
    VirtualMachineScore, VirtualNetworkScore, VmSpec, VolumeFormat, VolumeScore, VolumeSpec,
};
use harmony_phases::context::EffectRecorder;
use harmony_phases::plan::Certainty;
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectSsh, Declared, InstallKvm, KvmHost, LinuxHost};
use harmony_providers::ssh::{HostKeyPolicy, SshConfig};
use harmony_types::{ByteSize, KvmHostAddress, MacAddress};

use super::lab::WATCHED;

/// A machine needs a minute when everything is emulated and the tests of others run beside it.
const BOOT: Duration = Duration::from_mins(5);
const POOL: &str = "promotion";
const FOLDER: &str = "/var/lib/libvirt/images/promotion";
const TFTP: &str = "/srv/tftp";

type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

/// A bare host, how it is reached, and what boots on it.
struct Lab {
    hosts: TestHosts,
    files: Scratch,
    guest: TinyGuest,
}

impl Lab {
    fn start() -> Result<Self> {
        let (hosts, files) = (TestHosts::start(1)?, Scratch::new()?);
        Ok(Self { hosts, files, guest: TinyGuest::cached(&Cache::open()?)? })
    }

    fn host(&self) -> &TestHost {
        &self.hosts[0]
    }

    fn ctx(recorder: &EffectRecorder) -> Result<Context> {
        Ok(Context::builder("promotion".parse()?).effects(recorder.clone()).build())
    }

    fn declared(&self) -> Result<Topology<Declared>> {
        let address: KvmHostAddress = format!("root@{}", self.host().address()).parse()?;
        Ok(Topology::new(self.host().name(), Declared::at(address)))
    }

    /// Trusts the host's key and logs in with the one that it knows, and with nothing else.
    fn connect(&self) -> Result<ConnectSsh> {
        let known = self.files.join("known_hosts");
        fs::write(&known, self.host().known_hosts_line()?)?;
        let config = self.files.join("config");
        let key = self.host().login().private().display();
        let text = format!(
            "Host *\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n IdentityFile {key}\n \
             IdentityAgent none\n",
            known.display()
        );
        fs::write(&config, text)?;
        Ok(ConnectSsh::new().host_keys(HostKeyPolicy::KnownHosts).config(SshConfig::file(&config)))
    }

    fn install(&self) -> Result<Pipeline<Topology<Declared>, Topology<KvmHost>>> {
        let install = InstallKvm::new().acceleration(Acceleration::Tcg);
        Ok(Pipeline::start().advance(self.connect()?).advance(install))
    }

    /// One machine that boots a kernel whose files reach the host's pool through libvirt, and one
    /// that boots from the network.
    fn site(&self) -> Result<Site> {
        let pool = PoolSpec::builder().name(POOL).path(FOLDER).autostart(true).build()?;
        let site = self.install()?.run(StoragePoolScore::new(pool));
        let site =
            site.run(VirtualNetworkScore::new(nat()?)).run(VirtualNetworkScore::new(booting()?));
        Ok(site
            .run(VolumeScore::new(Self::file("vmlinuz", self.guest.vmlinuz())?))
            .run(VolumeScore::new(Self::file("initrd.gz", self.guest.initrd())?))
            .run(VirtualMachineScore::new(self.direct()?))
            .run(VirtualMachineScore::new(pxe()?)))
    }

    fn file(name: &str, path: &Path) -> Result<VolumeSpec> {
        let source = ImageSource::file(path.to_owned(), Checksum::Unverified);
        let volume = VolumeSpec::builder().pool(POOL).name(name).format(VolumeFormat::Raw);
        Ok(volume.source(source).build()?)
    }

    fn direct(&self) -> Result<VmSpec> {
        let kernel = KernelBoot {
            kernel: format!("{FOLDER}/vmlinuz").parse()?,
            initrd: Some(format!("{FOLDER}/initrd.gz").parse()?),
            cmdline: self.guest.cmdline().to_owned(),
        };
        Ok(VmSpec::builder()
            .name("direct")
            .vcpus(1)
            .memory(ByteSize::mib(256))
            .serial_log(serial("direct"))
            .nic(Nic::on("nat")?.mac(MacAddress::qemu([0, 9, 1])))
            .kernel(kernel)
            .build()?)
    }

    async fn run(&self, site: &Site) -> Result<(Topology<KvmHost>, EffectRecorder)> {
        let recorder = EffectRecorder::default();
        let finished = site.execute(&Self::ctx(&recorder)?, self.declared()?).await;
        let finished = finished.map_err(anyhow::Error::new)?;
        Ok((finished.topology, recorder))
    }
}

fn footprint(host: &TestHost) -> Result<Footprint> {
    host.footprint(&WATCHED)
}

/// Boots from the card on the second network.
fn pxe() -> Result<VmSpec> {
    Ok(VmSpec::builder()
        .name("pxe")
        .vcpus(1)
        .memory(ByteSize::mib(768))
        .acceleration(Acceleration::Tcg)
        .serial_log(serial("pxe"))
        .nic(Nic::on("booting")?.mac(MacAddress::qemu([0, 9, 2])))
        .boot_order([BootDevice::Network])
        .build()?)
}

fn serial(machine: &str) -> String {
    format!("/var/log/libvirt/qemu/{machine}-serial.log")
}

fn nat() -> Result<NetworkSpec> {
    Ok(NetworkSpec::builder()
        .name("nat")
        .mode(NetworkMode::Nat)
        .subnet("192.168.199.0/24")
        .dhcp_range("192.168.199.100-192.168.199.200")
        .build()?)
}

fn booting() -> Result<NetworkSpec> {
    Ok(NetworkSpec::builder()
        .name("booting")
        .subnet("192.168.198.0/24")
        .dhcp_range("192.168.198.100-192.168.198.200")
        .tftp_root(TFTP)
        .boot(NetworkBoot::file("boot.ipxe"))
        .build()?)
}

/// Files that dnsmasq may read, put there by somebody else.
fn serve_files(host: &TestHost, guest: &TinyGuest) -> Result<()> {
    let root = TftpRoot::booting(guest)?;
    host.sh(&format!("mkdir -p {TFTP}"))?;
    for file in fs::read_dir(root.path())? {
        let file = file?;
        let name = file.file_name();
        fs::copy(file.path(), host.path(TFTP).join(name))?;
    }
    host.sh(&format!("chmod -R a+rX {TFTP}"))?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_host_is_planned_promoted_and_runs_machines() -> Result<()> {
    let lab = Lab::start()?;
    let (host, site) = (lab.host(), lab.site()?);
    serve_files(host, &lab.guest)?;

    let before = footprint(host)?;
    let recorder = EffectRecorder::default();
    let plan = site.plan(&Lab::ctx(&recorder)?, lab.declared()?).await?;
    let text = plan.to_string();
    ensure!(text.contains("install KVM") && text.contains("libvirt does not listen"), "{text}");
    ensure!(plan.lines.iter().any(|line| matches!(line.certainty, Certainty::Deferred { .. })));
    ensure!(before.changed_until(&footprint(host)?).is_empty(), "a plan has written something");

    let (topology, done) = lab.run(&site).await?;
    ensure!(done.count() > 0);
    answers(&topology, host).await?;

    let before = footprint(host)?;
    let (topology, again) = lab.run(&site).await?;
    ensure!(again.count() == 0, "the second run did something: {:?}", again.effects());
    let written = before.changed_until(&footprint(host)?);
    ensure!(written.is_empty(), "the second run has written {written:?}");
    ensure!(topology.evidence::<KvmHost>().route().socket().is_some(), "libvirt is elsewhere");
    ensure!(topology.evidence::<LinuxHost>().facts().host_name == host.name());

    let socket = topology.evidence::<KvmHost>().route().socket().map(Path::to_owned);
    drop(topology);
    let socket = socket.context("there was a socket")?;
    ensure!(!socket.exists(), "the socket outlives its phase");

    let down = site.teardown(&Lab::ctx(&recorder)?, lab.declared()?).await?;
    let stays = down.stays.context("the packages are gone")?;
    ensure!(stays.1.contains("stay on the host"), "{stays:?}");
    ensure!(host.sh("virsh list --all --name")?.trim().is_empty(), "a machine is left");
    Ok(())
}

/// Both machines boot, and the one behind NAT answers the host.
async fn answers(topology: &Topology<KvmHost>, host: &TestHost) -> Result<()> {
    let ctx = Lab::ctx(&EffectRecorder::default())?;
    for name in ["direct", "pxe"] {
        let name = name.parse()?;
        for line in [READY_LINE, LEASE_LINE] {
            let sign = BootSign::SerialLine(line.to_owned());
            topology.wait_until_booted(&ctx, &name, &sign, Some(BOOT)).await?;
        }
    }
    let leases = topology.addresses(&"direct".parse()?, AddressSource::Lease).await?;
    let ip = leases.first().context("no lease")?.ip;
    // Nothing listens there, so it is the guest itself that refuses.
    let said = host.sh(&format!("bash -c '</dev/tcp/{ip}/9' 2>&1 || true"))?;
    ensure!(said.contains("Connection refused"), "the guest is silent: {said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_others_promoted_is_recognised_and_not_touched() -> Result<()> {
    let lab = Lab::start()?;
    let host = lab.host();
    // The test host brings a `qemu.conf` of its own, and dpkg asks whose to keep.
    host.sh("apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
         -o Dpkg::Options::=--force-confold --no-install-recommends \
         libvirt-daemon-system qemu-system-x86")?;
    let before = footprint(host)?;
    let (topology, done) = lab.run(&lab.install()?).await?;
    ensure!(done.count() == 0, "it was touched: {:?}", done.effects());
    ensure!(before.changed_until(&footprint(host)?).is_empty());
    topology.evidence::<KvmHost>().libvirt().prove(&Lab::ctx(&done)?).await?;
    a_proof_that_failed_is_not_forgotten(&lab, &topology).await
}

/// QEMU starts, but not the machine that proves it.
const NO_PROOF: &str = r#"cd /usr/bin && mv qemu-system-x86_64 qemu-whole && cat >qemu-system-x86_64 <<'END'
#!/bin/sh
case "$*" in *harmony-probe*) echo "no KVM for this one" >&2; exit 1 ;; esac
exec /usr/bin/qemu-whole "$@"
END
chmod 755 qemu-system-x86_64"#;

async fn a_proof_that_failed_is_not_forgotten(
    lab: &Lab,
    topology: &Topology<KvmHost>,
) -> Result<()> {
    lab.host().sh(NO_PROOF)?;
    let recorder = EffectRecorder::default();
    let libvirt = topology.evidence::<KvmHost>().libvirt();
    let error = libvirt.prove(&Lab::ctx(&recorder)?).await.err().context("it has started")?;
    ensure!(format!("{error:?}").contains("no KVM for this one"), "{error:?}");
    let plan = lab.install()?.plan(&Lab::ctx(&recorder)?, lab.declared()?).await?;
    ensure!(plan.to_string().contains("a proof failed or was cut short"), "{plan}");
    ensure!(lab.run(&lab.install()?).await.is_err(), "nothing was mended");

    lab.host().sh("mv /usr/bin/qemu-whole /usr/bin/qemu-system-x86_64")?;
    let (_, mended) = lab.run(&lab.install()?).await?;
    ensure!(mended.count() > 0, "it was taken for one that runs machines");
    let (_, again) = lab.run(&lab.install()?).await?;
    ensure!(again.count() == 0, "{:?}", again.effects());
    ensure!(lab.host().sh("virsh list --all --name")?.trim().is_empty());
    Ok(())
}
