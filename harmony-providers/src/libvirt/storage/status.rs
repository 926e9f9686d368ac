//! Pools and volumes as they are.

use harmony_capabilities::virtualization::{PoolStatus, VolumeFormat, VolumeStatus};
use harmony_phases::ownership::Mark;
use harmony_types::{ByteSize, SiteName};

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::raw::{Link, PoolRow};
use super::super::xml::{self, Pool, Size, Volume};
use super::marker;
use super::pool::is_ours;

impl Libvirt {
    pub(crate) async fn all_pools(&self) -> Result<Vec<PoolStatus>, LibvirtError> {
        let rows = self.connection().read("list pools", Link::pools).await?;
        let mut pools = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut status = pool_status(row, self.site())?;
            if let Some(mark) = status.mark.take() {
                // What a stopped pool holds cannot be seen: it is left alone rather than lost.
                let protect = !row.active || self.is_pool_protected(&row.name).await?;
                status.mark = Some(mark.protect(protect));
            }
            pools.push(status);
        }
        Ok(pools)
    }

    pub(crate) async fn all_volumes(&self, pool: &str) -> Result<Vec<VolumeStatus>, LibvirtError> {
        let name = pool.to_owned();
        let what = ["list pool ", pool].concat();
        let listed = self.connection().read(what, move |link| link.volumes(&name, None)).await;
        let rows = match listed {
            Err(error) if error.kind() == LibvirtErrorKind::NotFound => return Ok(Vec::new()),
            answer => answer?,
        };
        let ours = self.known_pool(self.site(), pool).await?.is_some_and(|known| known.ours);
        let mark = |name: &str| {
            let protected = rows.iter().any(|row| row.name == marker::protected(name));
            let mark = Mark::new(self.site().clone(), format!("volume {pool}/{name}"));
            ours.then(|| mark.protect(protected))
        };
        let users = rows.iter().filter(|row| !marker::is_marker(&row.name));
        users
            .map(|row| {
                let volume: Volume = xml::read("a volume", &row.xml)?;
                Ok(volume_status(pool, &volume, mark(&row.name)))
            })
            .collect()
    }
}

fn pool_status(row: &PoolRow, site: &SiteName) -> Result<PoolStatus, LibvirtError> {
    let pool: Pool = xml::read("a pool", &row.xml)?;
    Ok(PoolStatus {
        mark: is_ours(&pool, site).then(|| Mark::new(site.clone(), format!("pool {}", row.name))),
        name: row.name.clone(),
        active: row.active,
        autostart: row.autostart,
        path: pool.target.map(|target| target.path).filter(|path| !path.is_empty()),
        capacity: bytes(&pool.capacity),
        available: bytes(&pool.available),
    })
}

fn volume_status(pool: &str, volume: &Volume, mark: Option<Mark>) -> VolumeStatus {
    let target = volume.target.as_ref();
    let format = target.and_then(|it| it.format.as_ref()).map(|it| it.kind.as_str());
    VolumeStatus {
        pool: pool.to_owned(),
        name: volume.name.clone(),
        path: target.and_then(|it| it.path.clone()).unwrap_or_default(),
        format: match format {
            Some("qcow2") => Some(VolumeFormat::Qcow2),
            Some("raw" | "iso") => Some(VolumeFormat::Raw),
            _ => None,
        },
        capacity: bytes(&volume.capacity),
        allocation: volume.allocation.as_ref().map(bytes).unwrap_or_default(),
        mark,
    }
}

fn bytes(size: &Size) -> ByteSize {
    ByteSize::bytes(size.in_bytes(1).unwrap_or_default())
}
