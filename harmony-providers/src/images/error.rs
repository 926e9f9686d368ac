use std::{error::Error, fmt, io, path::Path};

use harmony_phases::{
    InterpretError, InterpretErrorKind,
    context::{EffectError, WaitError},
};

use harmony_types::Sha256Digest;

/// An image could not be obtained.
#[derive(Debug)]
pub struct ImageError {
    image: String,
    kind: ImageErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why an image could not be obtained.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageErrorKind {
    /// The run was cancelled; what was downloaded stays and the next run goes on from there.
    Cancelled,
    /// The client for http(s) could not be set up.
    Client,
    /// Reading or writing this file failed.
    File(String),
    /// The file, or the address on its server, does not exist.
    NotFound,
    /// The effect was not allowed to happen, so nothing was written.
    NotPermitted,
    /// We may not read this file, write to this folder, or fetch this address.
    PermissionDenied(String),
    /// The server answered with this status, which means no image.
    Refused(u16),
    /// The body ended early.
    Truncated {
        /// How many bytes arrived.
        found: u64,
        /// How many bytes were announced, where the server said so.
        wanted: Option<u64>,
    },
    /// The server could not be reached, or said that it cannot answer now (with this status).
    Unreachable(Option<u16>),
    /// The image is another one than wanted.
    WrongChecksum {
        /// The digest of what is there.
        found: Sha256Digest,
        /// The digest the pipeline asks for.
        wanted: Sha256Digest,
    },
}

impl ImageError {
    pub(crate) fn new(image: impl fmt::Display, kind: ImageErrorKind) -> Self {
        Self { image: image.to_string(), kind, source: None }
    }

    pub(crate) fn caused_by(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    pub(crate) fn io(image: impl fmt::Display, path: &Path, error: io::Error) -> Self {
        let path = path.display().to_string();
        let kind = match error.kind() {
            io::ErrorKind::PermissionDenied => ImageErrorKind::PermissionDenied(path),
            _ => ImageErrorKind::File(path),
        };
        Self::new(image, kind).caused_by(error)
    }

    /// Returns why the image could not be obtained.
    pub const fn kind(&self) -> &ImageErrorKind {
        &self.kind
    }

    /// Says whether trying again a moment later can help.
    pub const fn is_transient(&self) -> bool {
        matches!(self.kind, ImageErrorKind::Truncated { .. } | ImageErrorKind::Unreachable(_))
    }

    fn remedy(&self) -> &'static str {
        match self.kind {
            ImageErrorKind::Cancelled | ImageErrorKind::Truncated { .. } => {
                "run again: the download goes on where it stopped"
            }
            ImageErrorKind::Client => "install the system's root certificates (ca-certificates)",
            ImageErrorKind::File(_) => "look at the space and the health of that disk",
            ImageErrorKind::NotFound => "correct the path or address in the pipeline",
            ImageErrorKind::NotPermitted => "nothing was changed; run again",
            ImageErrorKind::PermissionDenied(_) => "grant access, or name another place",
            ImageErrorKind::Refused(_) => "open the address by hand to see what the server wants",
            ImageErrorKind::Unreachable(_) => {
                "look at the network and at the server, then run again"
            }
            ImageErrorKind::WrongChecksum { .. } => {
                "the image changed or was tampered with: compare with its publisher's checksum"
            }
        }
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "image {}: {}", self.image, self.kind)?;
        write!(f, " ({})", self.remedy())
    }
}

impl fmt::Display for ImageErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the run was cancelled"),
            Self::Client => f.write_str("the http client cannot be set up"),
            Self::File(path) => write!(f, "cannot use {path}"),
            Self::NotFound => f.write_str("it does not exist"),
            Self::NotPermitted => f.write_str("its effect was not permitted"),
            Self::PermissionDenied(what) => write!(f, "no permission for {what}"),
            Self::Refused(status) => write!(f, "the server answered with status {status}"),
            Self::Truncated { found, wanted: Some(wanted) } => {
                write!(f, "it ended after {found} of {wanted} bytes")
            }
            Self::Truncated { found, wanted: None } => write!(f, "it ended after {found} bytes"),
            Self::Unreachable(Some(status)) => {
                write!(f, "the server cannot answer now (status {status})")
            }
            Self::Unreachable(None) => f.write_str("the server cannot be reached"),
            Self::WrongChecksum { found, wanted } => {
                write!(f, "its SHA-256 is {found}, wanted {wanted}")
            }
        }
    }
}

impl Error for ImageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<EffectError> for ImageError {
    fn from(error: EffectError) -> Self {
        let cancelled = error.is_cancelled();
        let kind = if cancelled { ImageErrorKind::Cancelled } else { ImageErrorKind::NotPermitted };
        Self::new(&error.intent().object, kind).caused_by(error)
    }
}

impl From<WaitError> for ImageError {
    fn from(error: WaitError) -> Self {
        Self::new("held by another run", ImageErrorKind::Cancelled).caused_by(error)
    }
}

impl From<ImageError> for InterpretError {
    fn from(error: ImageError) -> Self {
        let kind = match error.kind {
            ImageErrorKind::Cancelled => InterpretErrorKind::Cancelled,
            _ => InterpretErrorKind::Failed,
        };
        Self::new(kind, "obtain an image").remedy(error.remedy()).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: io::ErrorKind) -> ImageError {
        ImageError::io("debian.iso", Path::new("/srv/debian.iso"), kind.into())
    }

    #[test]
    fn a_closed_file_is_not_a_broken_disk() {
        let closed = io(io::ErrorKind::PermissionDenied);
        let path = "/srv/debian.iso".to_owned();
        assert_eq!(*closed.kind(), ImageErrorKind::PermissionDenied(path.clone()));
        assert_eq!(*io(io::ErrorKind::StorageFull).kind(), ImageErrorKind::File(path));
        assert!(closed.to_string().contains("no permission for /srv/debian.iso"), "{closed}");
        assert!(closed.source().is_some() && !closed.is_transient());
    }

    #[test]
    fn a_cancelled_download_is_no_failed_score() {
        let cancelled = ImageError::new("debian.iso", ImageErrorKind::Cancelled);
        assert_eq!(InterpretError::from(cancelled).kind(), InterpretErrorKind::Cancelled);
        let missing = ImageError::new("debian.iso", ImageErrorKind::NotFound);
        assert_eq!(InterpretError::from(missing).kind(), InterpretErrorKind::Failed);
    }
}
