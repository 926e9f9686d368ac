//! Waiting until a guest has come up.

use std::net::SocketAddr;
use std::time::Duration;

use harmony_capabilities::virtualization::{AddressSource, BootSign, GuestAddress};
use harmony_phases::Context;
use harmony_phases::context::{Look, Waiting};
use harmony_types::Port;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::provider::Libvirt;
use super::super::view::Unseen;
use super::super::xml::{self, Domain};
use super::verbs::is_on;

impl Libvirt {
    /// Waits for a sign of life, and answers what was seen.
    pub(crate) async fn booted(
        &self,
        ctx: &Context,
        name: &str,
        sign: &BootSign,
        deadline: Option<Duration>,
    ) -> Result<String, LibvirtError> {
        let waiting = Waiting::until(format!("machine {name} shows {sign}"));
        let waiting = match deadline {
            Some(deadline) => waiting.deadline(deadline),
            None => waiting,
        };
        ctx.wait(waiting, || self.look_for(name, sign)).await
    }

    async fn look_for(&self, name: &str, sign: &BootSign) -> Result<Look<String>, LibvirtError> {
        if !is_on(self.state(name).await?) {
            return Ok(Look::NotYet("the machine is off".into()));
        }
        match sign {
            BootSign::Lease => self.look_for_lease(name).await,
            BootSign::Port(port) => self.look_for_port(name, *port).await,
            BootSign::SerialLine(text) => self.look_for_line(name, text).await,
        }
    }

    async fn look_for_lease(&self, name: &str) -> Result<Look<String>, LibvirtError> {
        let leases = self.addresses_of(name, AddressSource::Lease).await?;
        Ok(match leases.first() {
            Some(lease) => Look::Seen(lease.ip.to_string()),
            None => Look::NotYet("no lease yet".into()),
        })
    }

    async fn look_for_port(&self, name: &str, port: Port) -> Result<Look<String>, LibvirtError> {
        let addresses = self.reachable(name).await?;
        if addresses.is_empty() {
            return Ok(Look::NotYet("no address yet".into()));
        }
        let mut seen = String::new();
        for address in addresses {
            let place = SocketAddr::new(address.ip, port.number());
            match self.view().answers(place).await {
                Ok(()) => return Ok(Look::Seen(place.to_string())),
                Err(why) => seen = format!("{place}: {why}"),
            }
        }
        Ok(Look::NotYet(seen))
    }

    /// What the leases say, or else the host's neighbours.
    async fn reachable(&self, name: &str) -> Result<Vec<GuestAddress>, LibvirtError> {
        let leases = self.addresses_of(name, AddressSource::Lease).await?;
        if leases.is_empty() {
            self.addresses_of(name, AddressSource::Arp).await
        } else {
            Ok(leases)
        }
    }

    async fn look_for_line(&self, name: &str, text: &str) -> Result<Look<String>, LibvirtError> {
        let path = self.serial_log(name).await?;
        let log = match self.view().file(&path).await {
            Ok(Some(log)) => log,
            Ok(None) => return Ok(Look::NotYet(format!("{path} is not there"))),
            Err(error) => return Err(self.unreadable_log(&path, &error)),
        };
        let log = String::from_utf8_lossy(&log);
        let lines = || log.lines().map(str::trim_end).filter(|line| !line.is_empty());
        Ok(match lines().find(|line| line.contains(text)) {
            Some(line) => Look::Seen(line.to_owned()),
            None => Look::NotYet(lines().next_back().unwrap_or("an empty log").to_owned()),
        })
    }

    async fn serial_log(&self, name: &str) -> Result<String, LibvirtError> {
        let what = || ["read the serial line of ", name].concat();
        let Some(row) = self.reads().domain(name).await? else {
            return Err(self.not_there(what(), "the machine is not there".into()));
        };
        let domain: Domain = xml::read("a domain", row.live.as_ref().unwrap_or(&row.defined))?;
        let mut paths = domain.devices.serials.into_iter().filter_map(|it| it.source?.path);
        paths.next().ok_or_else(|| {
            self.not_there(what(), "its serial line is not written to a file".into())
                .remedy("set `serial_log` in its spec")
        })
    }

    fn unreadable_log(&self, path: &str, error: &Unseen) -> LibvirtError {
        let kind = if error.denied { LibvirtErrorKind::Denied } else { LibvirtErrorKind::Failed };
        let what = ["read the serial log ", path].concat();
        let failed = LibvirtError::new(kind, what, self.connection().place(), error.why.clone());
        if self.view().is_another_host() {
            return failed;
        }
        failed.remedy("the log lies on the hypervisor's host: run there, as a user who may read it")
    }
}
