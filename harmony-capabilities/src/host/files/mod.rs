//! Files and directories.

mod diff;
mod directory;
mod entry;
mod keep;
mod role;
mod score;
mod source;

use harmony_phases::Claim;
use harmony_types::HostPath;

pub use directory::{DirectoryFields, DirectoryScore, DirectoryScoreBuilder};
pub use entry::{Content, Directory, Entry, EntryKind, NewFile, Ownership, Permissions};
pub use role::{FileStore, OffersFileStore};
pub use score::{FileFields, FileScore, FileScoreBuilder};
pub use source::{FileSource, Template};

/// What stands for a path, whatever is to be there.
pub(super) fn claim(path: &HostPath) -> Claim {
    Claim::object("file", path.as_str())
}
