//! Where a machine's disks and cdroms lie on the host.

use harmony_capabilities::virtualization::{DiskSource, NicSource, VmSpec};

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;

/// One disk or cdrom's content: its path, or why the path is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The drive is empty.
    Empty,
    /// The content's path on the host.
    At(String),
    /// The pool of this name is not there yet.
    NoPool(String),
}

/// The places of a machine's disks, of its cdroms, and of its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sources {
    pub(super) disks: Vec<Place>,
    pub(super) cdroms: Vec<Place>,
    pub(super) seed: Option<Place>,
}

impl Sources {
    /// The pools that have to be there first.
    pub(super) fn missing_pools(&self) -> Vec<&str> {
        let all = self.disks.iter().chain(&self.cdroms).chain(&self.seed);
        let mut missing: Vec<&str> = all
            .filter_map(|place| match place {
                Place::NoPool(pool) => Some(pool.as_str()),
                Place::At(_) | Place::Empty => None,
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}

impl Libvirt {
    pub(super) async fn sources(&self, spec: &VmSpec) -> Result<Sources, LibvirtError> {
        let mut sources = Sources { disks: Vec::new(), cdroms: Vec::new(), seed: None };
        for disk in &spec.disks {
            sources.disks.push(self.place(&disk.source).await?);
        }
        for cdrom in &spec.cdroms {
            sources.cdroms.push(match &cdrom.source {
                Some(source) => self.place(source).await?,
                None => Place::Empty,
            });
        }
        if let Some(seed) = spec.seed_volume() {
            sources.seed = Some(self.place(&DiskSource::Volume(seed)).await?);
        }
        Ok(sources)
    }

    async fn place(&self, source: &DiskSource) -> Result<Place, LibvirtError> {
        let volume = match source {
            DiskSource::File(path) => return Ok(Place::At(path.to_string())),
            DiskSource::Volume(volume) => volume,
        };
        Ok(match self.pool_folder(volume.pool.as_str()).await? {
            Some(folder) => Place::At(folder.path_of(volume.name.as_str())),
            None => Place::NoPool(volume.pool.to_string()),
        })
    }

    /// The first volume that a machine needs and that is not there.
    pub(super) async fn missing_volume(
        &self,
        spec: &VmSpec,
    ) -> Result<Option<String>, LibvirtError> {
        let disks = spec.disks.iter().map(|disk| &disk.source);
        let cdroms = spec.cdroms.iter().filter_map(|cdrom| cdrom.source.as_ref());
        for volume in disks.chain(cdroms).filter_map(DiskSource::volume) {
            let (pool, name) = (volume.pool.as_str(), volume.name.as_str());
            if self.reads().volume(pool, name).await?.is_none() {
                return Ok(Some(volume.to_string()));
            }
        }
        Ok(None)
    }

    /// The first virtual network that a machine needs and that is not there.
    pub(super) async fn missing_network(
        &self,
        spec: &VmSpec,
    ) -> Result<Option<String>, LibvirtError> {
        for nic in &spec.nics {
            if let NicSource::Network(network) = &nic.source
                && self.reads().network(network.as_str()).await?.is_none()
            {
                return Ok(Some(network.to_string()));
            }
        }
        Ok(None)
    }
}
