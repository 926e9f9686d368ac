//! Growing a volume: by its pool, or by the machine that runs with it.

use harmony_capabilities::virtualization::VolumeRef;
use harmony_phases::Context;

use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::Link;
use super::super::xml::{self, Domain};

impl Libvirt {
    /// Grows a volume; while a machine runs with it only that machine's QEMU may touch it.
    pub(super) async fn grow_volume(
        &self,
        ctx: &Context,
        volume: &VolumeRef,
        capacity: u64,
    ) -> Result<(), LibvirtError> {
        let path = self.path_of(&volume.clone().into()).await?;
        let Some(machine) = self.running_with(&path).await? else {
            return self.grow_idle_volume(ctx, volume, capacity).await;
        };
        self.change(ctx, "grow volume", &volume.to_string(), move |link, acting, _| {
            link.resize_disk(acting, &machine, &path, capacity)
        })
        .await
    }

    /// Grows a volume that no machine runs with.
    pub(super) async fn grow_idle_volume(
        &self,
        ctx: &Context,
        volume: &VolumeRef,
        capacity: u64,
    ) -> Result<(), LibvirtError> {
        let (pool, name) = (volume.pool.to_string(), volume.name.to_string());
        self.change(ctx, "grow volume", &volume.to_string(), move |link, acting, _| {
            link.resize_volume(acting, &pool, &name, capacity)
        })
        .await
    }

    /// The machine that runs with this file as one of its disks.
    async fn running_with(&self, path: &str) -> Result<Option<String>, LibvirtError> {
        let running = self.connection().read("list running domains", Link::running_domains);
        for (name, text) in running.await? {
            let domain: Domain = xml::read("a domain", &text)?;
            let files = domain.devices.disks.iter().filter_map(|disk| disk.source.as_ref());
            if files.filter_map(|source| source.file.as_deref()).any(|file| file == path) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}
