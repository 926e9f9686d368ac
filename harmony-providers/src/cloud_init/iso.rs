use std::{error::Error, fmt};

use hadris_fs::{Content, NoClock, Node, Tree};
use hadris_iso::{IsoId, IsoOptions};

use super::SeedFiles;

/// The volume label by which cloud-init recognises a NoCloud seed.
pub const VOLUME_LABEL: &str = "cidata";

/// Writes `files` as the bytes of an ISO image that cloud-init recognises as a NoCloud seed.
///
/// The image has a Joliet and a Rock Ridge tree, so every guest reads the long file names. It
/// carries no clock: the same files give the same bytes on every machine, on every day, which is
/// what lets a second run see that nothing has to be uploaded.
///
/// # Errors
/// [`SeedIsoError`] when the ISO writer refuses the files, as it does beyond 4 GiB.
///
/// # Examples
/// ```
/// use harmony_providers::cloud_init::{SeedFiles, write_seed_iso};
///
/// let files = SeedFiles {
///     user_data: "#cloud-config\nhostname: web\n".to_owned(),
///     meta_data: "instance-id: web-1\n".to_owned(),
///     network_config: None,
/// };
/// assert_eq!(write_seed_iso(&files)?, write_seed_iso(&files)?);
/// # Ok::<(), harmony_providers::cloud_init::SeedIsoError>(())
/// ```
pub fn write_seed_iso(files: &SeedFiles) -> Result<Vec<u8>, SeedIsoError> {
    let mut tree = Tree::new();
    for (name, content) in files.entries() {
        tree.insert(name, Node::file(Content::bytes(content.as_bytes())))
            .map_err(|error| SeedIsoError::new(&error))?;
    }
    let options = IsoOptions::default()
        .with_id(IsoId::Volume, VOLUME_LABEL)
        .with_joliet()
        .with_rock_ridge()
        .with_time(NoClock::TIME);
    let mut image = Vec::new();
    hadris_iso::sync::write(&mut image, &tree, &options)
        .map_err(|error| SeedIsoError::new(&error))?;
    Ok(image)
}

/// Writing a seed image failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedIsoError {
    reason: String,
}

impl SeedIsoError {
    fn new(reason: &hadris_fs::PathError) -> Self {
        Self { reason: reason.to_string() }
    }
}

impl fmt::Display for SeedIsoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the cloud-init seed cannot be written as an ISO image: {}", self.reason)
    }
}

impl Error for SeedIsoError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> SeedFiles {
        SeedFiles {
            user_data: "#cloud-config\nhostname: web\n".to_owned(),
            meta_data: "instance-id: web-1\nlocal-hostname: web\n".to_owned(),
            network_config: Some("version: 2\n".to_owned()),
        }
    }

    fn read_back(image: &[u8], name: &str) -> Vec<u8> {
        use std::io::Read;

        use hadris_fs::{MountOptions, OpenOptions, sync::Volume};
        let device = image.to_vec();
        let iso = hadris_iso::sync::IsoFs::mount(device, MountOptions::new()).unwrap();
        let volume = Volume::new(iso);
        let mut content = Vec::new();
        let path = format!("/{name}");
        let mut file = volume.open(&path, OpenOptions::new().read()).unwrap();
        file.read_to_end(&mut content).unwrap();
        content
    }

    #[test]
    fn label_stands_where_the_primary_descriptor_has_it() {
        let image = write_seed_iso(&files()).unwrap();
        // ECMA-119 8.4: the volume identifier is at byte 40 of the descriptor in sector 16.
        let start = 16 * 2048 + 40;
        let label = std::str::from_utf8(&image[start..start + 32]).unwrap();
        assert!(label.trim_end().eq_ignore_ascii_case(VOLUME_LABEL), "{label:?}");
    }

    #[test]
    fn same_files_give_the_same_bytes() {
        assert_eq!(write_seed_iso(&files()).unwrap(), write_seed_iso(&files()).unwrap());
    }

    #[test]
    fn other_files_give_other_bytes() {
        let other = SeedFiles { user_data: "#cloud-config\n".to_owned(), ..files() };
        assert_ne!(write_seed_iso(&files()).unwrap(), write_seed_iso(&other).unwrap());
    }

    #[test]
    fn files_are_read_back_under_their_long_names() {
        let image = write_seed_iso(&files()).unwrap();
        for (name, content) in files().entries() {
            assert_eq!(read_back(&image, name), content.as_bytes(), "{name}");
        }
    }

    #[test]
    fn network_config_is_left_out_when_there_is_none() {
        let image = write_seed_iso(&SeedFiles { network_config: None, ..files() }).unwrap();
        let text = String::from_utf8_lossy(&image);
        assert!(!text.contains("network-config"));
    }
}
