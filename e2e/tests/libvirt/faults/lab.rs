//! A libvirtd that may be killed, and a small site of a network, a pool, images and machines.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use anyhow::Result;
use e2e::{PrivateLibvirt, Scratch};
use harmony_capabilities::virtualization::{
    Acceleration, MachineCensus, NetworkCensus, PoolCensus, VolumeCensus,
};
use harmony_phases::context::{EffectRecorder, EffectSink};
use harmony_phases::{Context, Pipeline, Plan, Topology, phases};
use harmony_providers::images::{ImageCache, RetryPolicy};
use harmony_providers::libvirt::{ConnectOptions, Connection, Libvirt};
use harmony_types::{MacAddress, Sha256Digest, SiteName};
use sha2::{Digest as _, Sha256};

/// A host whose libvirt answers.
#[phases(any = AnyHost)]
pub mod host {
    use harmony_capabilities::virtualization::{Hypervisor, StoragePools, VirtualNetworks};
    use harmony_phases::Topology;
    use harmony_providers::libvirt::Libvirt;

    /// A host that runs machines.
    #[resting]
    pub struct Host {
        #[grants(Hypervisor, StoragePools, VirtualNetworks)]
        libvirt: Libvirt,
    }

    /// The host as a topology.
    pub(crate) fn on(libvirt: &Libvirt) -> Topology<Host> {
        Topology::new("host", Host { libvirt: libvirt.clone() })
    }
}

pub(super) use host::{Host, on};

pub(super) type Site = Pipeline<Topology<Host>, Topology<Host>>;

/// The bytes of the installer image: more than one piece of an upload.
pub(super) const ISO_BYTES: usize = 5 << 20;

/// What is there while the installer image is being filled.
pub(super) const PARTIAL: &str = ".installer.iso.partial";

/// A site of one test, on a libvirtd that tests may share and kill.
#[derive(Debug)]
pub(super) struct Lab {
    daemon: Arc<Mutex<PrivateLibvirt>>,
    uri: String,
    files: Scratch,
    number: u8,
}

impl Lab {
    /// A site of its own on the libvirtd that the tests of this binary share.
    pub(super) fn shared() -> Result<Self> {
        static SHARED: Mutex<Weak<Mutex<PrivateLibvirt>>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let daemon = match shared.upgrade() {
            Some(daemon) => daemon,
            None => Arc::new(Mutex::new(PrivateLibvirt::start()?)),
        };
        *shared = Arc::downgrade(&daemon);
        Self::on(daemon)
    }

    /// A site on a libvirtd that nobody else uses.
    pub(super) fn alone() -> Result<Self> {
        Self::on(Arc::new(Mutex::new(PrivateLibvirt::start()?)))
    }

    fn on(daemon: Arc<Mutex<PrivateLibvirt>>) -> Result<Self> {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let uri = lock(&daemon).uri();
        let lab = Self { daemon, uri, files: Scratch::new()?, number };
        fs::write(lab.iso_file(), lab.iso_bytes())?;
        Ok(lab)
    }

    pub(super) fn daemon(&self) -> Arc<Mutex<PrivateLibvirt>> {
        Arc::clone(&self.daemon)
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    pub(super) fn files(&self) -> &Scratch {
        &self.files
    }

    pub(super) fn site_name(&self) -> SiteName {
        format!("lab{}", self.number).parse().unwrap()
    }

    /// What an object is called here: names of tests that share a libvirtd must differ.
    pub(super) fn name(&self, name: &str) -> String {
        format!("f{}-{name}", self.number)
    }

    pub(super) fn virsh(&self, args: &[&str]) -> Result<String> {
        e2e::virsh(&self.uri, args)
    }

    /// A connection of its own, as a new process would have.
    pub(super) async fn connect(&self) -> Result<Libvirt> {
        self.connect_with(ConnectOptions::new(&self.uri)).await
    }

    /// A connection of another site.
    pub(super) async fn connect_as(&self, site: SiteName) -> Result<Libvirt> {
        let connection = Connection::open(&self.uri).await?;
        Ok(Libvirt::with_acceleration(connection, site, Acceleration::Tcg))
    }

    /// Emulated machines: they start wherever QEMU does, whatever became of KVM.
    pub(super) async fn connect_with(&self, options: ConnectOptions) -> Result<Libvirt> {
        let connection = Connection::open_with(options).await?;
        let hurried = RetryPolicy { times: 1, first_pause: Duration::from_millis(1) };
        let cache = ImageCache::new(self.files.join("cache"))?.with_retry(hurried);
        let libvirt = Libvirt::with_acceleration(connection, self.site_name(), Acceleration::Tcg);
        Ok(libvirt.keeping_images_in(cache))
    }

    pub(super) fn ctx(&self) -> Context {
        Context::for_site(self.site_name())
    }

    pub(super) fn ctx_with(&self, sink: impl EffectSink + 'static) -> Context {
        Context::builder(self.site_name()).effects(sink).build()
    }

    pub(super) fn pool_folder(&self) -> PathBuf {
        self.files.join("pool")
    }

    pub(super) fn iso_file(&self) -> PathBuf {
        self.files.join("installer.iso")
    }

    pub(super) fn iso_bytes(&self) -> Vec<u8> {
        let bytes = (0..=u8::MAX).map(|byte| byte.rotate_left(3) ^ self.number);
        bytes.cycle().take(ISO_BYTES).collect()
    }

    pub(super) fn iso_digest(&self) -> Sha256Digest {
        Sha256Digest::new(Sha256::digest(self.iso_bytes()).into())
    }

    /// The third number of its subnet's addresses.
    pub(super) fn subnet(&self) -> u8 {
        self.number
    }

    pub(super) fn mac(&self, last: u8) -> MacAddress {
        MacAddress::qemu([0x77, self.number, last])
    }
}

/// What the site comes to.
impl Lab {
    /// The whole site: everything that a hypervisor can make, once.
    pub(super) fn site(&self) -> Site {
        Pipeline::start()
            .run(self.network(|_| {}))
            .run(self.pool())
            .run(self.iso())
            .run(self.disk())
            .run(self.volume(|_| {}))
            .run(self.machine(|_| {}))
            .run(self.spare())
    }

    /// Runs the site once more without faults, then twice nothing: it converges and stays.
    pub(super) async fn converges(&self) -> Result<EffectRecorder> {
        let recorder = EffectRecorder::default();
        let libvirt = self.connect().await?;
        let _ = self.site().execute(&self.ctx_with(recorder.clone()), on(&libvirt)).await?;
        self.is_finished(&libvirt).await?;
        Ok(recorder)
    }

    /// A plan finds nothing to do and proves it, a run does nothing, and nothing is there twice.
    pub(super) async fn is_finished(&self, libvirt: &Libvirt) -> Result<()> {
        let plan = self.site().plan(&self.ctx(), on(libvirt)).await?;
        proven_noop(&plan);
        let recorder = EffectRecorder::default();
        let again = self.site().execute(&self.ctx_with(recorder.clone()), on(libvirt)).await?;
        assert!(!again.changed(), "{:?}", again.completed);
        assert_eq!(recorder.count(), 0, "{:?}", recorder.effects());
        self.nothing_is_there_twice()
    }

    fn nothing_is_there_twice(&self) -> Result<()> {
        let ours = |listed: String| -> Vec<String> {
            let prefix = self.name("");
            listed
                .split_whitespace()
                .filter(|it| it.starts_with(&prefix))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(ours(self.virsh(&["net-list", "--all", "--name"])?), [self.name("lan")]);
        assert_eq!(ours(self.virsh(&["pool-list", "--all", "--name"])?), [self.name("pool")]);
        let mut machines = ours(self.virsh(&["list", "--all", "--name"])?);
        machines.sort();
        assert_eq!(machines, [self.name("spare"), self.name("web")]);
        let files = fs::read_dir(self.pool_folder())?;
        let mut files: Vec<String> = files
            .map(|it| Ok(it?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_>>()?;
        // A cut between the two may leave the marker of an upload beside that of its end.
        let is_done = files.iter().any(|name| is_done_marker(name));
        files.retain(|name| !(is_done_marker(name) || is_done && name == PARTIAL));
        files.sort();
        assert_eq!(files, ["data.qcow2", "installer.iso", "web.qcow2"]);
        assert_eq!(fs::read(self.pool_folder().join("installer.iso"))?, self.iso_bytes());
        Ok(())
    }

    /// Takes the site down, so that the next round begins with nothing.
    pub(super) async fn tear_down(&self) -> Result<()> {
        let libvirt = self.connect().await?;
        let _ = self.site().teardown(&self.ctx(), on(&libvirt)).await?;
        Ok(())
    }
}

/// Whether a file says that a volume beside it is complete.
pub(super) fn is_done_marker(name: &str) -> bool {
    name.starts_with('.') && name.rsplit('.').next() == Some("done")
}

/// Every line is looked at, and nothing is to be done.
pub(super) fn proven_noop(plan: &Plan) {
    let text = plan.to_string();
    assert!(plan.is_noop(), "{text}");
    assert_eq!(text.matches("[proven]").count(), plan.lines.len(), "{text}");
}

pub(super) fn with_census(site: Site) -> Site {
    site.census(MachineCensus).census(VolumeCensus).census(PoolCensus).census(NetworkCensus)
}

/// The whole chain of an error in one line, as an operator reads it.
pub(super) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = [text, error.to_string()].join(": ");
        next = error.source();
    }
    text
}

pub(super) fn lock(daemon: &Mutex<PrivateLibvirt>) -> MutexGuard<'_, PrivateLibvirt> {
    daemon.lock().unwrap_or_else(PoisonError::into_inner)
}
