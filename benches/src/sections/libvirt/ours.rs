//! The site that Harmony makes.

use std::path::Path;

use anyhow::{Context as _, ensure};
use harmony_capabilities::virtualization::{
    Acceleration, Disk, NetworkSpec, Nic, PoolSpec, Power, StoragePoolScore, VirtualMachineScore,
    VirtualNetworkScore, VmSpec, VolumeScore, VolumeSpec,
};
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost, LinuxHost};
use harmony_types::ByteSize;
use tokio::runtime::Runtime;

use crate::measure::time;

pub(super) const POOL: &str = "harmony-bench";
pub(super) const PREFIX: &str = "harmony-bench-";

/// One network, and as many volumes as machines.
///
/// It begins on a host that is known already: what libvirt is asked is measured here, and what a
/// host is asked by the hosts' section.
pub(super) struct Site {
    runtime: Runtime,
    ctx: Context,
    pipeline: Pipeline<Topology<LinuxHost>, Topology<KvmHost>>,
}

impl Site {
    pub(super) fn new(uri: &str, folder: &Path, count: usize) -> anyhow::Result<Self> {
        let network = format!("{PREFIX}net");
        let lan = NetworkSpec::builder().name(&*network).subnet("192.168.219.0/24").build()?;
        let folder = folder.to_str().context("the folder's name is no text")?;
        let pool = PoolSpec::builder().name(POOL).path(folder).build()?;
        let mut volumes = Vec::new();
        let mut machines = Vec::new();
        for n in 0..count {
            let volume = format!("{PREFIX}{n}.qcow2");
            let disk = VolumeSpec::builder()
                .pool(POOL)
                .name(&*volume)
                .capacity(ByteSize::gib(1))
                .build()?;
            volumes.push(VolumeScore::new(disk));
            let machine = VmSpec::builder()
                .name(format!("{PREFIX}{n}"))
                .vcpus(1)
                .memory(ByteSize::mib(256))
                .acceleration(Acceleration::Tcg)
                .disk(Disk::volume(POOL, &*volume))
                .nic(Nic::on(&*network)?)
                .power(Power::Defined)
                .build()?;
            machines.push(VirtualMachineScore::new(machine));
        }
        let pipeline = Pipeline::start()
            .advance(ConnectHypervisor::new(uri))
            .run(StoragePoolScore::new(pool))
            .run(VirtualNetworkScore::new(lan))
            .run_all(volumes)
            .run_all(machines);
        let runtime = Runtime::new()?;
        Ok(Self { runtime, ctx: Context::for_site("bench".parse()?), pipeline })
    }

    /// Makes everything; how long it took, in seconds.
    pub(super) fn apply(&self) -> anyhow::Result<f64> {
        let host = self.host()?;
        let (took, end) = time(|| self.runtime.block_on(self.pipeline.execute(&self.ctx, host)));
        ensure!(end?.changed(), "there was nothing to make");
        Ok(took.as_secs_f64())
    }

    /// Plans a run that has nothing to do; how long it took, in seconds.
    pub(super) fn plan_nothing_to_do(&self) -> anyhow::Result<f64> {
        let host = self.host()?;
        let (took, plan) = time(|| self.runtime.block_on(self.pipeline.plan(&self.ctx, host)));
        let plan = plan?;
        ensure!(plan.is_noop(), "{plan}");
        Ok(took.as_secs_f64())
    }

    pub(super) fn destroy(&self) -> anyhow::Result<()> {
        let host = self.host()?;
        let end = self.runtime.block_on(self.pipeline.teardown(&self.ctx, host))?;
        ensure!(end.topology.is_some(), "something stays");
        Ok(())
    }

    fn host(&self) -> anyhow::Result<Topology<LinuxHost>> {
        let here = Topology::new("bench", Declared::here());
        Ok(self.runtime.block_on(here.advance(&self.ctx, ConnectLocal))?)
    }
}
