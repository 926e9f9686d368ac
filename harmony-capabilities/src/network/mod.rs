//! Network services: DHCP, DNS, TFTP and load balancing, as roles that dnsmasq, OPNsense or HAProxy can play.
//!
//! Each role lists what its service has, with whose it is, and makes or removes one thing at a time. Its score wants
//! one such thing: it looks, acts where something is missing or differs, and looks again, because what a service
//! acknowledges and what it has are two things.
//!
//! | role | keeps | by | score |
//! |---|---|---|---|
//! | [`DhcpServer`] | [`Reservation`] | card | [`DhcpScore`] |
//! | [`DnsServer`] | [`DnsRecord`] | name and kind | [`DnsScore`] |
//! | [`TftpServer`] | [`TftpFile`] | path | [`TftpScore`] |
//! | [`LoadBalancer`] | [`Frontend`] | name | [`LoadBalancerScore`] |
//!
//! [`HealthyServerScore`] keeps nothing: it waits until a load balancer gives work to a server.
//!
//! What carries the site's mark and belongs to no score any more is found by a census of its kind.
//! What exists without this site's mark is never touched unless its score says `adopt`.

mod census;
mod dhcp;
mod dns;
mod error;
mod load_balancer;
mod tftp;

pub use crate::keeping::Marked;
pub use census::{FrontendCensus, RecordCensus, ReservationCensus, TftpFileCensus};
pub use dhcp::{BootFile, DhcpScore, DhcpServer, OffersDhcpServer, Reservation};
pub use dns::{DnsName, DnsRecord, DnsScore, DnsServer, OffersDnsServer, RecordData, RecordKind};
pub use error::{NetworkError, NetworkErrorKind};
pub use load_balancer::{
    Backend, Balance, Frontend, HealthCheck, HealthyServerScore, HttpPath, LoadBalancer,
    LoadBalancerScore, OffersLoadBalancer, Probe, Server, ServerHealth,
};
pub use tftp::{
    FileContent, OffersTftpServer, StoredFile, TftpFile, TftpPath, TftpScore, TftpServer,
};
