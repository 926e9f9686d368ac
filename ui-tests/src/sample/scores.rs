//! The scores of the sample.

use async_trait::async_trait;
use harmony_phases::{Context, Describe, Interpret, InterpretError, Outcome, Score};
use serde_json::{Value, json};

use super::roles::{DhcpServer, DnsServer, K8sClient};

/// A machine has a fixed address.
#[derive(Clone, Debug)]
pub struct DhcpScore {
    /// The machine's hardware address.
    pub mac: &'static str,
}

/// A name has an address.
#[derive(Clone, Debug)]
pub struct DnsScore {
    /// The name.
    pub name: &'static str,
}

/// A chart is installed.
#[derive(Clone, Debug)]
pub struct HelmScore {
    /// The chart.
    pub chart: &'static str,
}

/// A service is reachable by name: needs a cluster and somebody who answers for names.
#[derive(Clone, Debug)]
pub struct IngressScore {
    /// The service.
    pub service: &'static str,
}

impl Describe for DhcpScore {
    fn name(&self) -> String {
        format!("lease of {}", self.mac)
    }
}

impl<T: DhcpServer> Score<T> for DhcpScore {
    fn to_value(&self) -> Value {
        json!({ "mac": self.mac })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl<T: DhcpServer> Interpret<T> for DhcpScore {
    async fn execute(&self, _ctx: &Context, topology: &T) -> Result<Outcome, InterpretError> {
        let lease = topology.lease(self.mac).await?;
        Ok(Outcome::noop(format!("{} has {lease:?}", self.mac)))
    }
}

impl Describe for DnsScore {
    fn name(&self) -> String {
        format!("name {}", self.name)
    }
}

impl<T: DnsServer> Score<T> for DnsScore {
    fn to_value(&self) -> Value {
        json!({ "name": self.name })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl<T: DnsServer> Interpret<T> for DnsScore {
    async fn execute(&self, _ctx: &Context, topology: &T) -> Result<Outcome, InterpretError> {
        let ip = topology.resolve(self.name).await?;
        Ok(Outcome::noop(format!("{} is {ip:?}", self.name)))
    }
}

impl Describe for HelmScore {
    fn name(&self) -> String {
        format!("chart {}", self.chart)
    }
}

impl<T: K8sClient> Score<T> for HelmScore {
    fn to_value(&self) -> Value {
        json!({ "chart": self.chart })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl<T: K8sClient> Interpret<T> for HelmScore {
    async fn execute(&self, ctx: &Context, topology: &T) -> Result<Outcome, InterpretError> {
        topology.apply(ctx, self.chart).await?;
        Ok(Outcome::success(format!("{} is installed", self.chart)))
    }
}

impl Describe for IngressScore {
    fn name(&self) -> String {
        format!("ingress {}", self.service)
    }
}

impl<T: DnsServer + K8sClient> Score<T> for IngressScore {
    fn to_value(&self) -> Value {
        json!({ "service": self.service })
    }
    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl<T: DnsServer + K8sClient> Interpret<T> for IngressScore {
    async fn execute(&self, ctx: &Context, topology: &T) -> Result<Outcome, InterpretError> {
        topology.apply(ctx, self.service).await?;
        let ip = topology.resolve(self.service).await?;
        Ok(Outcome::success(format!("{} is {ip:?}", self.service)))
    }
}
