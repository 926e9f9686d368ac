//! The reader of `known_hosts`, given anything.

use harmony_types::Port;

use super::KnownName;
use super::line;

/// Reads a file and asks each of its lines everything that it is asked when a host presents its key.
pub(crate) fn known_hosts(text: &str) {
    let names = ["h1.example", "192.0.2.1", "[::1]"].map(|host| KnownName::of(host, Port::SSH));
    for line in text.lines().filter_map(line::read).filter_map(Result::ok) {
        let _ = (line.marker(), line.key(), line.names_hosts());
        let _about = names.iter().filter(|name| line.is_about(name)).count();
    }
}
