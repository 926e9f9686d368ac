use std::{fs::File, io, io::Read, path::Path};

use harmony_types::Sha256Digest;
use sha2::{Digest, Sha256};

const BLOCK: usize = 256 * 1024;

/// Reads `file` from where it stands to its end into `hasher`, and returns how many bytes it were.
///
/// `step` is called after each block and ends the reading by returning `false`.
pub(crate) fn hash_into(
    hasher: &mut Sha256,
    file: &mut File,
    mut step: impl FnMut(u64) -> bool,
) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let mut total = 0;
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(total);
        }
        hasher.update(&block[..read]);
        total += read as u64;
        if !step(total) {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
}

/// Hashes the file at `path`; `step` as for [`hash_into`].
pub(crate) fn hash_file(path: &Path, step: impl FnMut(u64) -> bool) -> io::Result<Sha256Digest> {
    let mut hasher = Sha256::new();
    hash_into(&mut hasher, &mut File::open(path)?, step)?;
    Ok(digest_of(hasher))
}

/// Ends `hasher`.
pub(crate) fn digest_of(hasher: Sha256) -> Sha256Digest {
    Sha256Digest::new(hasher.finalize().into())
}
