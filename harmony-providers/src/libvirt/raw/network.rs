//! Calls on virtual networks.

use virt::network::Network;
use virt::sys;

use super::fault::present;
use super::link::{Acting, Link, checked};
use super::{Code, Fault};

/// A network as one look at the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NetworkRow {
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) autostart: bool,
    /// The persistent definition.
    pub(crate) defined: String,
}

/// What a running network can take without being restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NetworkSection {
    DhcpHost,
    DnsHost,
}

/// What is done to an entry of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NetworkEdit {
    Add,
    Delete,
}

impl Link {
    /// Reads all networks: three lists, then one read each.
    pub(crate) fn networks(&self) -> Result<Vec<NetworkRow>, Fault> {
        let all = self.connect.list_all_networks(0)?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let active = self.network_names(sys::VIR_CONNECT_LIST_NETWORKS_ACTIVE)?;
        let autostarted = self.network_names(sys::VIR_CONNECT_LIST_NETWORKS_AUTOSTART)?;
        let mut rows = Vec::with_capacity(all.len());
        for network in &all {
            let name = network.get_name()?;
            match definition(network) {
                Ok(defined) => rows.push(NetworkRow {
                    active: active.contains(&name),
                    autostart: autostarted.contains(&name),
                    defined,
                    name,
                }),
                Err(gone) if gone.is_not_found() => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(rows)
    }

    /// Reads one network without listing the others.
    pub(crate) fn network_named(&self, name: &str) -> Result<Option<NetworkRow>, Fault> {
        let found = self.network(name).and_then(|network| {
            Ok(NetworkRow {
                name: name.to_owned(),
                active: network.is_active()?,
                autostart: network.get_autostart()?,
                defined: definition(&network)?,
            })
        });
        present(found)
    }

    fn network_names(&self, flags: u32) -> Result<Vec<String>, Fault> {
        let listed = self.connect.list_all_networks(flags)?;
        listed.iter().map(|network| Ok(network.get_name()?)).collect()
    }

    pub(crate) fn define_network(&self, _: &Acting, xml: &str) -> Result<(), Fault> {
        Network::define_xml(&self.connect, checked(xml)?)?;
        Ok(())
    }

    pub(crate) fn start_network(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.network(name)?.create()?;
        Ok(())
    }

    pub(crate) fn stop_network(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        Ok(self.network(name)?.destroy()?)
    }

    pub(crate) fn undefine_network(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        Ok(self.network(name)?.undefine()?)
    }

    pub(crate) fn autostart_network(
        &self,
        _: &Acting,
        name: &str,
        autostart: bool,
    ) -> Result<(), Fault> {
        self.network(name)?.set_autostart(autostart)?;
        Ok(())
    }

    /// Edits one entry of a running network, now and in its definition.
    pub(crate) fn edit_network(
        &self,
        _: &Acting,
        name: &str,
        edit: NetworkEdit,
        section: NetworkSection,
        xml: &str,
    ) -> Result<(), Fault> {
        let command = match edit {
            NetworkEdit::Add => sys::VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
            NetworkEdit::Delete => sys::VIR_NETWORK_UPDATE_COMMAND_DELETE,
        };
        let section = match section {
            NetworkSection::DhcpHost => sys::VIR_NETWORK_SECTION_IP_DHCP_HOST,
            NetworkSection::DnsHost => sys::VIR_NETWORK_SECTION_DNS_HOST,
        };
        let flags = sys::VIR_NETWORK_UPDATE_AFFECT_LIVE | sys::VIR_NETWORK_UPDATE_AFFECT_CONFIG;
        Ok(self.network(name)?.update(command, section, -1, checked(xml)?, flags)?)
    }

    pub(super) fn network(&self, name: &str) -> Result<Network, Fault> {
        Ok(Network::lookup_by_name(&self.connect, checked(name)?)?)
    }
}

/// The test driver keeps one configuration only and refuses the flag.
fn definition(network: &Network) -> Result<String, Fault> {
    match network.get_xml_desc(sys::VIR_NETWORK_XML_INACTIVE).map_err(Fault::from) {
        Err(fault) if matches!(fault.code, Code::Unsupported | Code::Invalid) => {
            Ok(network.get_xml_desc(0)?)
        }
        answer => answer,
    }
}
