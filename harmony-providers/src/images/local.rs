use std::{io, path::Path};

use harmony_capabilities::virtualization::Checksum;

use super::{ImageError, ImageErrorKind, hashing::hash_file, partial::blocking};

/// Checks a file of this machine and returns its length in bytes.
///
/// `step` hears how many of how many bytes were read, and ends the check by returning `false`.
pub(crate) async fn check_file(
    path: &Path,
    checksum: &Checksum,
    step: impl Fn(u64, u64) -> bool + Send + 'static,
) -> Result<u64, ImageError> {
    let bytes = file_len(path).await?;
    let Checksum::Sha256(wanted) = *checksum else { return Ok(bytes) };
    let file = path.to_owned();
    let found =
        blocking(move || hash_file(&file, |done| step(done, bytes))).await.map_err(|error| {
            match error.kind() {
                io::ErrorKind::Interrupted => {
                    ImageError::new(path.display(), ImageErrorKind::Cancelled)
                }
                _ => ImageError::io(path.display(), path, error),
            }
        })?;
    if found != wanted {
        return Err(ImageError::new(
            path.display(),
            ImageErrorKind::WrongChecksum { found, wanted },
        ));
    }
    Ok(bytes)
}

async fn file_len(path: &Path) -> Result<u64, ImageError> {
    let found = tokio::fs::metadata(path).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ImageError::new(path.display(), ImageErrorKind::NotFound),
        _ => ImageError::io(path.display(), path, error),
    })?;
    if !found.is_file() {
        return Err(ImageError::new(
            path.display(),
            ImageErrorKind::File("what is no file".to_owned()),
        ));
    }
    Ok(found.len())
}
