//! All hosts.

use std::path::Path;

use harmony_types::Hostname;
use serde::Serialize;

use super::{Host, InventoryError, Selector, candidate::Candidate, file, taken::Taken};

/// The hosts of a site: each name, each address and each MAC address once.
///
/// ```
/// use harmony_phases::inventory::{Host, Inventory};
/// let inventory = Inventory::new([
///     Host::new("cp-0".parse()?, "192.168.100.10".parse()?).label("role", "control-plane"),
///     Host::new("w-0".parse()?, "192.168.100.20".parse()?).label("role", "worker"),
/// ])?;
/// let workers: Vec<_> = inventory.select(&"role=worker".parse()?).collect();
/// assert_eq!(workers[0].name.as_str(), "w-0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    #[serde(rename = "host")]
    hosts: Vec<Host>,
}

impl Inventory {
    /// An inventory of `hosts`.
    ///
    /// # Errors
    /// Two hosts share a name, an address or a MAC address, or a label cannot be selected by.
    pub fn new(hosts: impl IntoIterator<Item = Host>) -> Result<Self, InventoryError> {
        Self::of(hosts.into_iter().map(Candidate::from))
    }

    /// Reads a TOML file, or all `*.toml` files of a folder in the order of their names.
    ///
    /// # Errors
    /// What is wrong, and at which line and column of which file.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, InventoryError> {
        Self::of(file::read(path.as_ref())?)
    }

    /// Reads a TOML text.
    ///
    /// # Errors
    /// What is wrong, and at which line and column.
    ///
    /// # Examples
    /// ```
    /// use harmony_phases::inventory::Inventory;
    /// let mistaken = "[[host]]\nname = \"h1\"\naddress = \"192.0.2.1\"\nmacs = [\"52:54\"]\n";
    /// let error = Inventory::from_toml(mistaken).unwrap_err();
    /// assert!(error.to_string().starts_with("line 4, column 9: invalid MAC address `52:54`"));
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, InventoryError> {
        Self::of(file::parse(text, None)?)
    }

    /// Writes the inventory as TOML that [`from_toml`](Self::from_toml) reads.
    pub fn to_toml(&self) -> String {
        // invariant: a list of tables with texts, numbers, and lists and maps of texts is TOML.
        toml::to_string(self).unwrap_or_default()
    }

    fn of(candidates: impl IntoIterator<Item = Candidate>) -> Result<Self, InventoryError> {
        let (mut taken, mut hosts) = (Taken::default(), Vec::new());
        for candidate in candidates {
            candidate.check()?;
            taken.add(&candidate)?;
            hosts.push(candidate.host);
        }
        Ok(Self { hosts })
    }

    /// All hosts, in the order they were given.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The host called `name`.
    pub fn host(&self, name: &Hostname) -> Option<&Host> {
        self.hosts.iter().find(|host| host.name == *name)
    }

    /// The hosts that `selector` picks, in the order they were given.
    pub fn select(&self, selector: &Selector) -> impl Iterator<Item = &Host> {
        self.hosts.iter().filter(|host| selector.picks(host))
    }

    /// The hosts whose label `key` is `value`.
    pub fn labelled<'a>(&'a self, key: &'a str, value: &'a str) -> impl Iterator<Item = &'a Host> {
        self.hosts.iter().filter(move |h| h.labels.get(key).is_some_and(|v| v == value))
    }
}
