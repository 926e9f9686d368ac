//! DNS: which name leads where.

mod name;
mod record;
mod score;
mod server;

pub use name::DnsName;
pub use record::{DnsRecord, RecordData, RecordKind};
pub use score::DnsScore;
pub use server::{DnsServer, OffersDnsServer};
