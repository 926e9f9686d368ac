//! DHCP: which machine gets which address, and what it boots from.

mod boot_file;
mod reservation;
mod score;
mod server;

pub use boot_file::BootFile;
pub use reservation::Reservation;
pub use score::DhcpScore;
pub use server::{DhcpServer, OffersDhcpServer};
