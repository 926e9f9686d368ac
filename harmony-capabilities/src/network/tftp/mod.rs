//! TFTP: the files that machines load before they have an operating system.

mod file;
mod path;
mod score;
mod server;

pub use file::{FileContent, StoredFile, TftpFile};
pub use path::TftpPath;
pub use score::TftpScore;
pub use server::{OffersTftpServer, TftpServer};
