//! A product that plays every role of the sample in memory.

use std::{collections::BTreeMap, net::IpAddr, sync::Mutex};

use async_trait::async_trait;
use harmony_phases::Context;

use super::roles::{DhcpServer, DnsServer, Hypervisor, K8sClient, RoleError};

/// Plays every role in memory.
#[derive(Debug, Default)]
pub struct Simulated {
    addresses: Mutex<BTreeMap<String, IpAddr>>,
}

impl Simulated {
    fn address(&self, name: &str) -> Option<IpAddr> {
        let addresses = self.addresses.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        addresses.get(name).copied()
    }

    fn set_address(&self, name: &str, ip: IpAddr) {
        let mut addresses =
            self.addresses.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        addresses.insert(name.to_owned(), ip);
    }
}

#[async_trait]
impl DhcpServer for Simulated {
    async fn lease(&self, mac: &str) -> Result<Option<IpAddr>, RoleError> {
        Ok(self.address(mac))
    }
    async fn reserve(&self, _ctx: &Context, mac: &str, ip: IpAddr) -> Result<(), RoleError> {
        self.set_address(mac, ip);
        Ok(())
    }
}

#[async_trait]
impl DnsServer for Simulated {
    async fn resolve(&self, name: &str) -> Result<Option<IpAddr>, RoleError> {
        Ok(self.address(name))
    }
    async fn publish(&self, _ctx: &Context, name: &str, ip: IpAddr) -> Result<(), RoleError> {
        self.set_address(name, ip);
        Ok(())
    }
}

#[async_trait]
impl K8sClient for Simulated {
    async fn apply(&self, _ctx: &Context, _manifest: &str) -> Result<(), RoleError> {
        Ok(())
    }
}

#[async_trait]
impl Hypervisor for Simulated {
    async fn start(&self, _ctx: &Context, machine: &str) -> Result<String, RoleError> {
        Ok(format!("host of {machine}"))
    }
}
