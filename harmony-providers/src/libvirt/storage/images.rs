//! Images on their way into volumes.

use std::path::PathBuf;

use harmony_capabilities::virtualization::{ImageSource, VolumeSpec};
use harmony_phases::Context;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use crate::images::{ImageError, ImageErrorKind};

impl Libvirt {
    /// Looks whether the image of a volume can be had, so that a plan says so when it cannot.
    pub(super) async fn look_for_image(&self, spec: &VolumeSpec) -> Result<(), LibvirtError> {
        if let Some(source) = &spec.source {
            self.images()?.look(source).await.map_err(|error| self.no_image(source, &error))?;
        }
        Ok(())
    }

    /// The complete, verified image as a file of this machine.
    pub(super) async fn fetch_image(
        &self,
        ctx: &Context,
        source: &ImageSource,
    ) -> Result<PathBuf, LibvirtError> {
        let obtained = self.images()?.obtain(ctx, source).await;
        obtained.map_err(|error| self.no_image(source, &error))
    }

    fn no_image(&self, source: &ImageSource, error: &ImageError) -> LibvirtError {
        let kind = match error.kind() {
            ImageErrorKind::Cancelled => LibvirtErrorKind::Cancelled,
            ImageErrorKind::NotFound => LibvirtErrorKind::NotFound,
            ImageErrorKind::PermissionDenied(_) => LibvirtErrorKind::Denied,
            ImageErrorKind::Truncated { .. } | ImageErrorKind::WrongChecksum { .. } => {
                LibvirtErrorKind::Corrupt
            }
            _ => LibvirtErrorKind::Failed,
        };
        let what = format!("fetch the image {}", source.location);
        LibvirtError::new(kind, what, self.connection().place(), chain(error))
    }
}

/// An error and its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = [text, error.to_string()].join(": ");
        cause = error.source();
    }
    text
}
