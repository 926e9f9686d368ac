//! The value types of Harmony: what a network card, a port, a host, a size or a name may be.
//!
//! Every type is *parsed, never validated*: a value that exists is a valid one, and a refusal says
//! what was wrong, where in the text, and by which rule. They have a crate of their own because
//! attribute macros check literals with the same parsers while they compile.
//!
//! ```
//! use harmony_types::{ByteSize, Hostname, MacAddress};
//!
//! let mac: MacAddress = "52-54-00-AB-CD-EF".parse()?;
//! assert_eq!(mac.to_string(), "52:54:00:ab:cd:ef");
//! assert_eq!("4096 MiB".parse::<ByteSize>()?, ByteSize::gib(4));
//!
//! let refusal = "web_1".parse::<Hostname>().unwrap_err();
//! assert_eq!(
//!     refusal.to_string(),
//!     "invalid host name `web_1`: '_' at position 4 is not one of: letters, digits, hyphens and dots"
//! );
//! # Ok::<(), harmony_types::ParseError>(())
//! ```
//!
//! | type | is | text form |
//! |---|---|---|
//! | [`MacAddress`] | the address of one network card | `52:54:00:ab:cd:ef` |
//! | [`Port`] | a TCP or UDP port, never 0 | `443` |
//! | [`Hostname`] | an RFC 1123 name of one label or more | `web.example.org` |
//! | [`HostAddress`] | a host by its name or IP address | `192.0.2.7` |
//! | [`SshAddress`] | where SSH finds a host | `root@h1.example:22` |
//! | [`KvmHostAddress`] | where a host for virtual machines is | `here` |
//! | [`SiteName`] | the name of a site: one lower-case label | `paris-1` |
//! | [`ObjectName`] | what a virtual machine, network, pool or volume may be called | `web-1` |
//! | [`HostPath`] | an absolute path on some Unix host | `/var/lib/images` |
//! | [`InterfaceName`] | a network interface or bridge of Linux | `br0` |
//! | [`ByteSize`] | an exact number of bytes | `20 GiB` |
//! | [`AddressRange`] | consecutive addresses, both ends included | `10.0.0.10-10.0.0.99` |
//! | [`Sha256Digest`] | a SHA-256 checksum | 64 hexadecimal digits |
//! | [`IpNet`] | a subnet (from the `ipnet` crate) | `192.168.101.0/24` |
//!
//! [`Printable`] shows what is no value at all: text of a stranger, fit for a terminal.
#![forbid(unsafe_code)]

mod address;
mod address_range;
mod byte_size;
mod digest;
mod error;
mod host_path;
mod hostname;
mod interface_name;
mod label;
mod mac;
mod object_name;
mod port;
mod printable;
mod site;
mod subnet;
mod text;

pub use address::{AddressError, AddressProblem, HostAddress, KvmHostAddress, SshAddress};
pub use address_range::AddressRange;
pub use byte_size::ByteSize;
pub use digest::Sha256Digest;
pub use error::{ParseError, ParseErrorKind};
pub use host_path::HostPath;
pub use hostname::Hostname;
pub use interface_name::InterfaceName;
pub use ipnet::{IpNet, Ipv4Net, Ipv6Net};
pub use mac::MacAddress;
pub use object_name::ObjectName;
pub use port::Port;
pub use printable::Printable;
pub use site::SiteName;
pub use subnet::{usable_host, whole_network};
