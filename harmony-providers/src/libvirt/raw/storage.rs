//! Calls on storage pools and volumes.

use std::collections::HashSet;

use virt::storage_pool::StoragePool;
use virt::storage_vol::StorageVol;
use virt::sys;

use super::super::spread::spread;
use super::fault::present;
use super::link::{Acting, Link, checked};
use super::{Code, Fault};

/// A pool as one look at the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolRow {
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) autostart: bool,
    pub(crate) xml: String,
}

/// A volume as one look at its pool shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VolumeRow {
    pub(crate) name: String,
    pub(crate) xml: String,
}

impl Link {
    /// Reads all pools: three lists, then one read each.
    pub(crate) fn pools(&self) -> Result<Vec<PoolRow>, Fault> {
        let all = self.connect.list_all_storage_pools(0)?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let active = self.pool_names(sys::VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE)?;
        let autostarted = self.pool_names(sys::VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART)?;
        let mut rows = Vec::with_capacity(all.len());
        for pool in &all {
            let name = pool.get_name()?;
            match pool.get_xml_desc(0).map_err(Fault::from) {
                Ok(xml) => rows.push(PoolRow {
                    active: active.contains(&name),
                    autostart: autostarted.contains(&name),
                    xml,
                    name,
                }),
                Err(gone) if gone.is_not_found() => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(rows)
    }

    /// Reads one pool without listing the others.
    pub(crate) fn pool_named(&self, name: &str) -> Result<Option<PoolRow>, Fault> {
        let found = self.pool(name).and_then(|pool| {
            Ok(PoolRow {
                name: name.to_owned(),
                active: pool.is_active()?,
                autostart: pool.get_autostart()?,
                xml: pool.get_xml_desc(0)?,
            })
        });
        present(found)
    }

    fn pool_names(&self, flags: u32) -> Result<Vec<String>, Fault> {
        let listed = self.connect.list_all_storage_pools(flags)?;
        listed.iter().map(|pool| Ok(pool.get_name()?)).collect()
    }

    /// Reads the wanted volumes of an active pool, all without a filter: one list, one read each.
    pub(crate) fn volumes(
        &self,
        pool: &str,
        wanted: Option<&HashSet<String>>,
    ) -> Result<Vec<VolumeRow>, Fault> {
        let all = self.pool(pool)?.list_all_volumes(0)?;
        let mut named = Vec::with_capacity(all.len());
        for volume in all {
            let name = volume.get_name()?;
            if wanted.is_none_or(|names| names.contains(&name)) {
                named.push((volume, name));
            }
        }
        let rows = spread(&named, |(volume, name)| {
            let xml = volume.get_xml_desc(0).map_err(Fault::from);
            present(xml.map(|xml| VolumeRow { name: name.clone(), xml }))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Reads some volumes without listing their pool.
    pub(crate) fn volumes_named(
        &self,
        pool: &str,
        names: &HashSet<String>,
    ) -> Result<Vec<VolumeRow>, Fault> {
        let pool = self.pool(pool)?;
        let mut rows = Vec::with_capacity(names.len());
        for name in names {
            let found =
                StorageVol::lookup_by_name(&pool, checked(name)?).map_err(Fault::from).and_then(
                    |volume| Ok(VolumeRow { name: name.clone(), xml: volume.get_xml_desc(0)? }),
                );
            rows.extend(present(found)?);
        }
        Ok(rows)
    }

    /// The names of all volumes of an active pool.
    pub(crate) fn volume_names(&self, pool: &str) -> Result<Vec<String>, Fault> {
        Ok(self.pool(pool)?.list_volumes()?)
    }

    pub(crate) fn define_pool(&self, _: &Acting, xml: &str) -> Result<(), Fault> {
        StoragePool::define_xml(&self.connect, checked(xml)?, 0)?;
        Ok(())
    }

    /// Makes the pool's folder; one that is there already is no failure.
    pub(crate) fn build_pool(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        match self.pool(name)?.build(0).map_err(Fault::from) {
            Err(fault) if fault.code == Code::Unsupported => Ok(()),
            answer => answer.map(drop),
        }
    }

    pub(crate) fn start_pool(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.pool(name)?.create(0)?;
        Ok(())
    }

    pub(crate) fn stop_pool(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        Ok(self.pool(name)?.destroy()?)
    }

    pub(crate) fn undefine_pool(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        Ok(self.pool(name)?.undefine()?)
    }

    pub(crate) fn autostart_pool(
        &self,
        _: &Acting,
        name: &str,
        autostart: bool,
    ) -> Result<(), Fault> {
        self.pool(name)?.set_autostart(autostart)?;
        Ok(())
    }

    /// Makes libvirt read the pool's folder again.
    pub(crate) fn refresh_pool(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.pool(name)?.refresh(0)?;
        Ok(())
    }

    pub(crate) fn create_volume(&self, _: &Acting, pool: &str, xml: &str) -> Result<(), Fault> {
        StorageVol::create_xml(&self.pool(pool)?, checked(xml)?, 0)?;
        Ok(())
    }

    /// Grows a volume to `capacity` bytes.
    pub(crate) fn resize_volume(
        &self,
        _: &Acting,
        pool: &str,
        name: &str,
        capacity: u64,
    ) -> Result<(), Fault> {
        self.volume(pool, name)?.resize(capacity, 0)?;
        Ok(())
    }

    pub(crate) fn delete_volume(&self, _: &Acting, pool: &str, name: &str) -> Result<(), Fault> {
        Ok(self.volume(pool, name)?.delete(0)?)
    }

    pub(super) fn volume(&self, pool: &str, name: &str) -> Result<StorageVol, Fault> {
        Ok(StorageVol::lookup_by_name(&self.pool(pool)?, checked(name)?)?)
    }

    fn pool(&self, name: &str) -> Result<StoragePool, Fault> {
        Ok(StoragePool::lookup_by_name(&self.connect, checked(name)?)?)
    }
}
