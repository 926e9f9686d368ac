//! Making volumes: blank, upon another, or from an image.

use harmony_capabilities::virtualization::{
    Backing as WantedBacking, Checksum, DiskSource, VolumeRef, VolumeSpec,
};
use harmony_phases::Context;
use harmony_types::ByteSize;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::xml::{self, Backing, Format, Size, Volume, VolumeTarget};
use super::marker::{self, Fingerprint};
use super::upload::{Content, Upload};

impl Fingerprint {
    /// What marks the volume as filled, when the spec has something to fill it with.
    pub(super) fn wanted(spec: &VolumeSpec) -> Option<Self> {
        spec.source.as_ref().map(|source| match &source.checksum {
            Checksum::Sha256(digest) => Self::of(Some(digest)),
            Checksum::Unverified => Self::of(None),
        })
    }
}

impl Libvirt {
    pub(super) async fn make_volume(
        &self,
        ctx: &Context,
        spec: &VolumeSpec,
    ) -> Result<(), LibvirtError> {
        let (Some(fingerprint), Some(source)) = (Fingerprint::wanted(spec), &spec.source) else {
            let volume = self.blank(spec).await?;
            return self.create_volume(ctx, spec.pool.as_str(), &volume).await;
        };
        let content = Content::File(self.fetch_image(ctx, source).await?);
        self.make_filled(ctx, spec, content, fingerprint).await
    }

    async fn make_filled(
        &self,
        ctx: &Context,
        spec: &VolumeSpec,
        content: Content,
        fingerprint: Fingerprint,
    ) -> Result<(), LibvirtError> {
        let size = content.virtual_size().map_err(|error| {
            let what = format!("read the image of volume {}", spec.volume());
            let uri = self.connection().place();
            LibvirtError::new(LibvirtErrorKind::Invalid, what, uri, error.to_string())
        })?;
        let capacity = spec.capacity.map(ByteSize::as_bytes);
        if let Some(capacity) = capacity.filter(|it| *it < size) {
            let why = format!(
                "its image is a disk of {}, and the volume shall have {}: leave the capacity out, \
                 or give at least as much",
                ByteSize::bytes(size),
                ByteSize::bytes(capacity)
            );
            return Err(self.blocked(format!("fill volume {}", spec.volume()), why));
        }
        let (pool, volume) = (spec.pool.as_str(), spec.name.as_str());
        self.fill_volume(ctx, Upload { pool, volume, content, fingerprint }).await?;
        match capacity.filter(|it| *it > size) {
            Some(capacity) => self.grow_idle_volume(ctx, &spec.volume(), capacity).await,
            None => Ok(()),
        }
    }

    pub(super) async fn protect_volume(
        &self,
        ctx: &Context,
        volume: &VolumeRef,
        protect: bool,
    ) -> Result<(), LibvirtError> {
        let marker = marker::protected(volume.name.as_str());
        self.set_marker(ctx, volume.pool.as_str(), &marker, protect).await
    }

    /// Puts a marker into a pool, or takes it out.
    pub(super) async fn set_marker(
        &self,
        ctx: &Context,
        pool: &str,
        marker: &str,
        there: bool,
    ) -> Result<(), LibvirtError> {
        if there {
            self.create_volume(ctx, pool, &shaped(marker, 0, "raw", None)).await
        } else {
            self.delete_volume(ctx, pool, marker).await
        }
    }

    /// A volume without content of its own.
    async fn blank(&self, spec: &VolumeSpec) -> Result<Volume, LibvirtError> {
        let backing = match &spec.backing {
            Some(wanted) => Some(Backing {
                path: Some(self.path_of(&wanted.source).await?),
                format: Some(Format { kind: wanted.format.to_string() }),
            }),
            None => None,
        };
        let capacity = match (spec.capacity, &spec.backing) {
            (Some(capacity), _) => capacity.as_bytes(),
            (None, Some(WantedBacking { source: DiskSource::Volume(below), .. })) => {
                self.capacity_of(below).await?
            }
            (None, _) => {
                let why = "its capacity is not known: say it in the spec".to_owned();
                return Err(self.blocked(format!("create volume {}", spec.volume()), why));
            }
        };
        Ok(shaped(spec.name.as_str(), capacity, &spec.format.to_string(), backing))
    }

    async fn capacity_of(&self, volume: &VolumeRef) -> Result<u64, LibvirtError> {
        let found = self.reads().volume(volume.pool.as_str(), volume.name.as_str()).await?;
        let blocked = |why: &str| {
            self.blocked(format!("read the capacity of volume {volume}"), why.to_owned())
        };
        let row = found.ok_or_else(|| blocked("it is not there"))?;
        let found: Volume = xml::read("a volume", &row.xml)?;
        found.capacity.in_bytes(1).ok_or_else(|| blocked("its unit is unknown"))
    }

    /// Where a disk's content lies on the host.
    pub(crate) async fn path_of(&self, source: &DiskSource) -> Result<String, LibvirtError> {
        let volume = match source {
            DiskSource::File(path) => return Ok(path.to_string()),
            DiskSource::Volume(volume) => volume,
        };
        let folder = self.pool_folder(volume.pool.as_str()).await?.ok_or_else(|| {
            let why = format!("pool `{}` is not there", volume.pool);
            self.not_there(format!("find volume {volume}"), why)
        })?;
        Ok(folder.path_of(volume.name.as_str()))
    }
}

/// A volume without space set aside.
pub(super) fn shaped(name: &str, capacity: u64, format: &str, backing: Option<Backing>) -> Volume {
    Volume {
        name: name.into(),
        capacity: Size::bytes(capacity),
        allocation: Some(Size::bytes(0)),
        target: Some(VolumeTarget {
            format: Some(Format { kind: format.into() }),
            ..VolumeTarget::default()
        }),
        backing,
    }
}
