use std::fmt;

/// The files of a NoCloud seed, as cloud-init reads them.
///
/// They may hold a password, so they do not print.
#[derive(Clone, PartialEq, Eq)]
pub struct SeedFiles {
    /// `user-data`: what the guest shall become.
    pub user_data: String,
    /// `meta-data`: who the guest is; a new `instance-id` makes cloud-init run again.
    pub meta_data: String,
    /// `network-config`: left out when the guest shall use DHCP.
    pub network_config: Option<String>,
}

impl SeedFiles {
    /// The file names with their contents, in the order of their names.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let network = self.network_config.as_deref().map(|content| ("network-config", content));
        [("meta-data", self.meta_data.as_str())]
            .into_iter()
            .chain(network)
            .chain([("user-data", self.user_data.as_str())])
    }
}

impl fmt::Debug for SeedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.entries().map(|(name, _)| name).collect();
        f.debug_tuple("SeedFiles").field(&names).finish()
    }
}
