//! Filling a volume so that a cut can never be mistaken for the end.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;

use harmony_capabilities::virtualization::VolumeRef;
use harmony_phases::{Context, Intent, Unit};

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::raw::{Fault, Link, Sent};
use super::super::xml::{self, Volume};
use super::make::shaped;
use super::marker::{self, Fingerprint};

/// Bytes handed to libvirt at a time.
const PIECE: usize = 1 << 20;

/// What a volume is filled with.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Bytes that are in memory already.
    Bytes(Vec<u8>),
    /// A file of this machine.
    File(PathBuf),
}

/// Where content goes, and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Upload<'a> {
    pub(super) pool: &'a str,
    pub(super) volume: &'a str,
    pub(super) content: Content,
    pub(super) fingerprint: Fingerprint,
}

impl Libvirt {
    /// Whether a volume is there and holds all of this content, with no filling under way.
    pub(crate) async fn is_filled(
        &self,
        volume: &VolumeRef,
        content: &Fingerprint,
    ) -> Result<bool, LibvirtError> {
        let (pool, name) = (volume.pool.as_str(), volume.name.as_str());
        Ok(self.reads().volume(pool, name).await?.is_some()
            && self.reads().volume(pool, &marker::done(name, content)).await?.is_some()
            && self.reads().volume(pool, &marker::partial(name)).await?.is_none())
    }

    /// Fills a volume that holds nothing worth keeping.
    pub(crate) async fn refill(
        &self,
        ctx: &Context,
        volume: &VolumeRef,
        content: Content,
        fingerprint: Fingerprint,
    ) -> Result<(), LibvirtError> {
        let (pool, volume) = (volume.pool.as_str(), volume.name.as_str());
        self.fill_volume(ctx, Upload { pool, volume, content, fingerprint }).await
    }

    /// Creates a volume and fills it. Whatever an earlier attempt left is removed first; a cut at
    /// any point leaves the `partial` marker, and the next run begins again.
    pub(super) async fn fill_volume(
        &self,
        ctx: &Context,
        upload: Upload<'_>,
    ) -> Result<(), LibvirtError> {
        let Upload { pool, volume, content, fingerprint } = upload;
        let length = content.length().map_err(|error| self.unreadable(volume, &error))?;
        let partial = marker::partial(volume);
        let names = self.volume_names(pool).await?;
        if !names.contains(&partial) {
            self.create_volume(ctx, pool, &raw(&partial, 0)).await?;
        }
        for stale in names.iter().filter(|it| *it == volume || marker::is_done_of(it, volume)) {
            self.delete_volume(ctx, pool, stale).await?;
        }
        self.create_volume(ctx, pool, &raw(volume, length)).await?;
        self.send(ctx, pool, volume, content, length).await?;
        self.refresh(ctx, pool).await?;
        self.create_volume(ctx, pool, &raw(&marker::done(volume, &fingerprint), 0)).await?;
        self.delete_volume(ctx, pool, &partial).await
    }

    async fn send(
        &self,
        ctx: &Context,
        pool: &str,
        volume: &str,
        content: Content,
        length: u64,
    ) -> Result<(), LibvirtError> {
        let what = ["fill volume ", pool, "/", volume].concat();
        let (ctx_inside, pool, name) = (ctx.clone(), pool.to_owned(), volume.to_owned());
        let intent = Intent::new("fill volume", [&*pool, &*name].join("/"));
        let sent = ctx
            .effect(intent, |permit| async move {
                let call = move |link: &Link, acting: &_| {
                    let mut pieces = Pieces::open(content)?;
                    let mut broken = None;
                    let sent = link.upload_volume(acting, &pool, &name, length, |done| {
                        ctx_inside.progress(done, Some(length), Unit::Bytes);
                        if ctx_inside.is_cancelled() {
                            return None;
                        }
                        pieces.next().map_err(|error| broken = Some(error)).ok()
                    })?;
                    match broken {
                        Some(error) => Err(Fault::invalid(error.to_string())),
                        None => Ok(sent),
                    }
                };
                self.connection().change(&permit, what, call).await
            })
            .await?;
        match sent {
            Sent::All(_) => {
                ctx.progress(length, Some(length), Unit::Bytes);
                Ok(())
            }
            Sent::Stopped(done) => Err(self.stopped(volume, done, length)),
        }
    }

    fn stopped(&self, volume: &str, done: u64, length: u64) -> LibvirtError {
        let message = format!("cancelled after {done} of {length} bytes; the next run starts over");
        let what = ["fill volume ", volume].concat();
        LibvirtError::new(LibvirtErrorKind::Cancelled, what, self.connection().place(), message)
    }

    fn unreadable(&self, volume: &str, error: &std::io::Error) -> LibvirtError {
        let what = ["read what to fill volume ", volume, " with"].concat();
        let uri = self.connection().place();
        LibvirtError::new(LibvirtErrorKind::Invalid, what, uri, error.to_string())
    }

    pub(super) async fn volume_names(&self, pool: &str) -> Result<Vec<String>, LibvirtError> {
        let name = pool.to_owned();
        self.connection()
            .read(["list pool ", pool].concat(), move |link| link.volume_names(&name))
            .await
    }

    pub(super) async fn create_volume(
        &self,
        ctx: &Context,
        pool: &str,
        volume: &Volume,
    ) -> Result<(), LibvirtError> {
        let text = xml::write("a volume", volume)?;
        let (object, pool) = ([pool, &*volume.name].join("/"), pool.to_owned());
        self.change(ctx, "create volume", &object, move |link, acting, _| {
            link.create_volume(acting, &pool, &text)
        })
        .await
    }

    /// Deletes a volume; one that is gone already is no failure.
    pub(super) async fn delete_volume(
        &self,
        ctx: &Context,
        pool: &str,
        name: &str,
    ) -> Result<(), LibvirtError> {
        let object = [pool, name].join("/");
        let (pool, name) = (pool.to_owned(), name.to_owned());
        let deleted = self
            .change(ctx, "delete volume", &object, move |link, acting, _| {
                link.delete_volume(acting, &pool, &name)
            })
            .await;
        match deleted {
            Err(error) if error.kind() == LibvirtErrorKind::NotFound => Ok(()),
            answer => answer,
        }
    }

    pub(super) async fn refresh(&self, ctx: &Context, pool: &str) -> Result<(), LibvirtError> {
        self.change(ctx, "refresh pool", pool, Link::refresh_pool).await
    }
}

/// A raw volume of exactly this length.
fn raw(name: &str, length: u64) -> Volume {
    shaped(name, length, "raw", None)
}

impl Content {
    fn length(&self) -> std::io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::File(path) => Ok(path.metadata()?.len()),
        }
    }

    /// The size of the disk inside an image: what a qcow2 header says, or the length of the rest.
    pub(crate) fn virtual_size(&self) -> std::io::Result<u64> {
        let mut head = [0_u8; 32];
        let length = match self {
            Self::Bytes(bytes) => {
                let known = bytes.len().min(head.len());
                head[..known].copy_from_slice(&bytes[..known]);
                bytes.len() as u64
            }
            Self::File(path) => {
                let mut file = File::open(path)?;
                let known = file.by_ref().take(head.len() as u64).read(&mut head)?;
                head[known..].fill(0);
                file.seek(std::io::SeekFrom::End(0))?
            }
        };
        let mut size = [0_u8; 8];
        size.copy_from_slice(&head[24..32]);
        Ok(if head.starts_with(b"QFI\xfb") { u64::from_be_bytes(size) } else { length })
    }
}

/// Content, a piece at a time.
enum Pieces {
    Bytes(std::io::Cursor<Vec<u8>>),
    File(File),
}

impl Pieces {
    fn open(content: Content) -> Result<Self, Fault> {
        Ok(match content {
            Content::Bytes(bytes) => Self::Bytes(std::io::Cursor::new(bytes)),
            Content::File(path) => {
                Self::File(File::open(path).map_err(|error| Fault::invalid(error.to_string()))?)
            }
        })
    }

    /// The next piece; an end before the announced length is an error.
    fn next(&mut self) -> std::io::Result<Vec<u8>> {
        let mut piece = vec![0; PIECE];
        let read = match self {
            Self::Bytes(bytes) => bytes.read(&mut piece)?,
            Self::File(file) => file.read(&mut piece)?,
        };
        if read == 0 {
            return Err(std::io::Error::other("the image became shorter while it was read"));
        }
        piece.truncate(read);
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qcow2_image_is_as_large_as_its_header_says() {
        let mut image = b"QFI\xfb".to_vec();
        image.resize(64, 0);
        image[24..32].copy_from_slice(&(3_u64 << 30).to_be_bytes());
        assert_eq!(Content::Bytes(image.clone()).virtual_size().unwrap(), 3 << 30);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image");
        std::fs::write(&path, &image).unwrap();
        assert_eq!(Content::File(path).virtual_size().unwrap(), 3 << 30);
        assert_eq!(Content::Bytes(vec![7; 5]).virtual_size().unwrap(), 5);
    }
}
