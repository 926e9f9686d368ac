use super::{DnsHost, NetworkBoot, NetworkMode, StaticLease};
use crate::spec::{SpecError, Text, checked_spec, is_default};
use harmony_phases::ownership::Custody;
use harmony_types::{
    AddressRange, HostPath, Hostname, InterfaceName, IpNet, MacAddress, ObjectName, usable_host,
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

checked_spec! {
    /// What a virtual network shall be: its [fields](NetworkFields), checked.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::virtualization::{NetworkMode, NetworkSpec};
    /// use harmony_types::MacAddress;
    ///
    /// let lan = NetworkSpec::builder()
    ///     .name("harmonylan")
    ///     .mode(NetworkMode::Nat)
    ///     .subnet("192.168.100.0/24")
    ///     .dhcp_range("192.168.100.100-192.168.100.200")
    ///     .named_lease("cp0", MacAddress::qemu([0, 0, 10]), [192, 168, 100, 10])
    ///     .domain("harmony.lan")
    ///     .autostart(true)
    ///     .build()?;
    /// assert_eq!(lan.gateway_address(), Some([192, 168, 100, 1].into()));
    /// # Ok::<(), harmony_capabilities::virtualization::SpecError>(())
    /// ```
    NetworkSpec of NetworkFields, called "network", schema 1
}

/// The fields of a [`NetworkSpec`]; what is not set is neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFields {
    /// What it is called.
    pub name: ObjectName,
    /// How it reaches the world.
    #[serde(default)]
    pub mode: NetworkMode,
    /// What its bridge on the host is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridge: Option<InterfaceName>,
    /// Its subnet; without one it is a plain switch, with neither addresses nor DHCP nor DNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet: Option<IpNet>,
    /// The host's address in the subnet; the first of the subnet if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<IpAddr>,
    /// The addresses that DHCP gives to anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dhcp: Vec<AddressRange>,
    /// The addresses that DHCP gives to certain network cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<StaticLease>,
    /// What its DNS answers beyond the leases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<DnsHost>,
    /// The domain of its machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Hostname>,
    /// The folder of the host that TFTP serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tftp_root: Option<HostPath>,
    /// What machines boot that boot from the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<NetworkBoot>,
    /// Whether it starts with the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

impl NetworkFields {
    /// Returns the host's address in the subnet: the gateway, or the first address that a host can
    /// have.
    pub fn gateway_address(&self) -> Option<IpAddr> {
        self.gateway.or_else(|| {
            let subnet = self.subnet?;
            subnet.hosts().find(|address| usable_host(&subnet, *address))
        })
    }

    pub(crate) fn label(&self) -> &ObjectName {
        &self.name
    }
}

const WHAT: &str = "network";

#[bon::bon]
impl NetworkSpec {
    /// Describes a network; only the name is required.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field and the rule.
    #[builder]
    pub fn new(
        #[builder(field)] dhcp: Vec<Text<AddressRange>>,
        #[builder(field)] leases: Vec<Result<StaticLease, SpecError>>,
        #[builder(field)] dns: Vec<Result<DnsHost, SpecError>>,
        /// What it is called.
        #[builder(into)]
        name: Text<ObjectName>,
        /// How it reaches the world; isolated by default.
        #[builder(default)]
        mode: NetworkMode,
        /// What its bridge on the host is called.
        #[builder(into)]
        bridge: Option<Text<InterfaceName>>,
        /// Its subnet.
        #[builder(into)]
        subnet: Option<Text<IpNet>>,
        /// The host's address in the subnet; its first by default.
        #[builder(into)]
        gateway: Option<Text<IpAddr>>,
        /// The domain of its machines.
        #[builder(into)]
        domain: Option<Text<Hostname>>,
        /// The folder of the host that TFTP serves.
        #[builder(into)]
        tftp_root: Option<Text<HostPath>>,
        /// What machines boot that boot from the network.
        boot: Option<NetworkBoot>,
        /// Whether it starts with the host.
        autostart: Option<bool>,
        /// Whether one that exists without this site's mark is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        Self::try_from(NetworkFields {
            name: name.of(WHAT, "name")?,
            mode,
            bridge: bridge.map(|text| text.of(WHAT, "bridge")).transpose()?,
            subnet: subnet.map(|text| text.of(WHAT, "subnet")).transpose()?,
            gateway: gateway.map(|text| text.of(WHAT, "gateway")).transpose()?,
            dhcp: dhcp.into_iter().map(|text| text.of(WHAT, "dhcp")).collect::<Result<_, _>>()?,
            leases: leases.into_iter().collect::<Result<_, _>>()?,
            dns: dns.into_iter().collect::<Result<_, _>>()?,
            domain: domain.map(|text| text.of(WHAT, "domain")).transpose()?,
            tftp_root: tftp_root.map(|text| text.of(WHAT, "tftp_root")).transpose()?,
            boot,
            autostart,
            custody: Custody { adopt, protect },
        })
    }
}

fn read_lease(
    name: Option<Text<Hostname>>,
    mac: Text<MacAddress>,
    ip: Text<IpAddr>,
) -> Result<StaticLease, SpecError> {
    Ok(StaticLease {
        mac: mac.of(WHAT, "leases.mac")?,
        ip: ip.of(WHAT, "leases.ip")?,
        name: name.map(|text| text.of(WHAT, "leases.name")).transpose()?,
    })
}

fn read_dns(
    ip: Text<IpAddr>,
    names: impl Iterator<Item = Text<Hostname>>,
) -> Result<DnsHost, SpecError> {
    let names = names.map(|text| text.of(WHAT, "dns.names")).collect::<Result<_, _>>()?;
    Ok(DnsHost { ip: ip.of(WHAT, "dns.ip")?, names })
}

impl<S: network_spec_builder::State> NetworkSpecBuilder<S> {
    /// Adds addresses that DHCP gives to anybody: `"10.0.0.100-10.0.0.200"`.
    pub fn dhcp_range(mut self, range: impl Into<Text<AddressRange>>) -> Self {
        self.dhcp.push(range.into());
        self
    }

    /// Adds an address that DHCP gives to one network card.
    pub fn lease(mut self, mac: impl Into<Text<MacAddress>>, ip: impl Into<Text<IpAddr>>) -> Self {
        self.leases.push(read_lease(None, mac.into(), ip.into()));
        self
    }

    /// Adds an address that DHCP gives to one network card, with a name.
    pub fn named_lease(
        mut self,
        name: impl Into<Text<Hostname>>,
        mac: impl Into<Text<MacAddress>>,
        ip: impl Into<Text<IpAddr>>,
    ) -> Self {
        self.leases.push(read_lease(Some(name.into()), mac.into(), ip.into()));
        self
    }

    /// Adds names that DNS answers with an address.
    pub fn dns_host<N: Into<Text<Hostname>>>(
        mut self,
        ip: impl Into<Text<IpAddr>>,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        self.dns.push(read_dns(ip.into(), names.into_iter().map(Into::into)));
        self
    }
}
