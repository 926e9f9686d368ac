//! A bare host behind a wire, and what it is to become.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::{Result, ensure};
use e2e::Cache;
use e2e::host::{TestHost, TestHosts, Wire};
use harmony_capabilities::virtualization::{
    Acceleration, Checksum, Disk, ImageSource, NetworkMode, NetworkSpec, Nic, PoolSpec, Power,
    StoragePoolScore, VirtualMachineScore, VirtualNetworkScore, VmSpec, VolumeFormat, VolumeScore,
    VolumeSpec,
};
use harmony_phases::context::{EffectRecorder, EffectSink};
use harmony_phases::pipeline::Stopped;
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectSsh, Declared, InstallKvm, KvmHost};
use harmony_providers::ssh::{Deadlines, SshConfig};
use harmony_types::{ByteSize, KvmHostAddress, MacAddress, Sha256Digest};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::lab::{Way, footprint, told, unlocked};
use super::state::State;

const SITE: &str = "cuts";
const POOL: &str = "cuts";
/// Where the pool is on the host.
pub(super) const FOLDER: &str = "/var/lib/libvirt/images/cuts";
/// More than one piece of an upload.
const IMAGE_BYTES: usize = 192 << 10;

/// A bare host, on its own, so that nothing is left there of what others did.
#[derive(Debug)]
pub(super) struct Bare {
    pub(super) wire: Arc<Wire>,
    way: Way,
    hosts: TestHosts,
}

type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

impl Bare {
    pub(super) fn start() -> Result<Self> {
        let hosts = TestHosts::start(1)?;
        let wire = Arc::new(Wire::before(&hosts[0])?);
        let way = Way::through(&wire, &hosts[0])?;
        Ok(Self { wire, way, hosts })
    }

    pub(super) fn host(&self) -> &TestHost {
        &self.hosts[0]
    }

    /// Runs the site once; the host is let go of when this returns.
    pub(super) async fn run(
        &self,
        deadlines: Deadlines,
        sink: impl EffectSink + 'static,
    ) -> Result<(), Box<Stopped>> {
        let ctx = Context::builder(SITE.parse().expect("a site's name")).effects(sink).build();
        let address: KvmHostAddress = "root@host".parse().expect("an address");
        let declared = Topology::new("host", Declared::at(address));
        self.site(deadlines).execute(&ctx, declared).await.map(drop).map_err(Box::new)
    }

    /// Lets one more run complete, and sees that the next has nothing to do; what the first one did.
    pub(super) async fn converges(&self) -> Result<EffectRecorder> {
        self.wire.mend()?;
        unlocked(self.host())?;
        let done = EffectRecorder::default();
        let completed = self.run(Deadlines::default(), done.clone()).await;
        completed.map_err(|stopped| anyhow::anyhow!("the next run: {}", told(&*stopped)))?;
        let before = footprint(self.host())?;
        let nothing = EffectRecorder::default();
        let again = self.run(Deadlines::default(), nothing.clone()).await;
        again.map_err(|stopped| anyhow::anyhow!("the run after it: {}", told(&*stopped)))?;
        let effects = nothing.effects();
        ensure!(effects.is_empty(), "the run after it did something: {effects:?}");
        let written = before.changed_until(&footprint(self.host())?);
        ensure!(written.is_empty(), "the run after it has written {written:?}");
        Ok(done)
    }

    /// Is what a host is on which nothing went wrong.
    pub(super) fn is_like(&self, whole: &State) -> Result<()> {
        let differs = whole.differences(&State::of(self.host())?);
        ensure!(differs.is_empty(), "another state than that of an uncut run: {differs:#?}");
        Ok(())
    }

    fn site(&self, deadlines: Deadlines) -> Site {
        let config = SshConfig::file(self.way.config());
        let connect = ConnectSsh::new().config(config).deadlines(deadlines);
        let install = InstallKvm::new().acceleration(Acceleration::Tcg);
        Pipeline::start()
            .advance(connect)
            .advance(install)
            .run(pool())
            .run(network())
            .run(volume())
            .run(machine())
    }

    /// The same site, for a process of its own.
    pub(super) fn job(&self) -> Result<Value> {
        Ok(json!({
            "site": SITE,
            "ssh": { "address": "root@host", "config": self.way.config() },
            "scores": [
                { "pool": serde_json::to_value(pool())? },
                { "network": serde_json::to_value(network())? },
                { "volume": serde_json::to_value(volume())? },
                { "machine": serde_json::to_value(machine())? },
            ],
        }))
    }
}

/// A run that notices soon that nobody answers any more.
pub(super) fn impatient() -> Deadlines {
    Deadlines { silence: Duration::from_secs(2), ..Deadlines::default() }
}

fn pool() -> StoragePoolScore {
    let pool = PoolSpec::builder().name(POOL).path(FOLDER).autostart(true).build();
    pool.expect("a pool").into()
}

fn network() -> VirtualNetworkScore {
    let network = NetworkSpec::builder()
        .name("nat")
        .mode(NetworkMode::Nat)
        .subnet("192.168.197.0/24")
        .dhcp_range("192.168.197.100-192.168.197.200")
        .build();
    network.expect("a network").into()
}

fn volume() -> VolumeScore {
    let (path, digest) = &*IMAGE;
    let source = ImageSource::file(path.clone(), Checksum::Sha256(*digest));
    let volume = VolumeSpec::builder().pool(POOL).name("disk.img").format(VolumeFormat::Raw);
    volume.source(source).build().expect("a volume").into()
}

/// It is defined, and need not boot.
fn machine() -> VirtualMachineScore {
    let nic = Nic::on("nat").expect("a network's name").mac(MacAddress::qemu([0, 9, 3]));
    let disk = Disk::volume(POOL, "disk.img").expect("a volume's name");
    let machine = VmSpec::builder()
        .name("idle")
        .vcpus(1)
        .memory(ByteSize::mib(64))
        .disk(disk.format(VolumeFormat::Raw))
        .nic(nic)
        .power(Power::Defined)
        .build();
    machine.expect("a machine").into()
}

/// The image of the machine's disk, and its digest.
static IMAGE: LazyLock<(PathBuf, Sha256Digest)> = LazyLock::new(|| {
    let path = image().expect("the cache can be written");
    let content = fs::read(&path).expect("what was written can be read");
    (path, Sha256Digest::new(Sha256::digest(content).into()))
});

/// Kept in the cache: nobody would remove a folder that lasts as long as the process.
fn image() -> Result<PathBuf> {
    let folder = Cache::open()?.entry(&format!("disk-{IMAGE_BYTES}"), |at| {
        write_image(&at.join("disk.img"), IMAGE_BYTES).map(drop)
    })?;
    Ok(folder.join("disk.img"))
}

/// Writes a file in which no two parts are alike; its digest.
pub(super) fn write_image(path: &Path, bytes: usize) -> Result<Sha256Digest> {
    let numbers = (0_u32..).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes());
    let content: Vec<u8> = numbers.take(bytes).collect();
    fs::write(path, &content)?;
    Ok(Sha256Digest::new(Sha256::digest(&content).into()))
}
