//! Calls on domains.

use std::collections::{HashMap, HashSet};

use virt::domain::Domain;
use virt::sys;

use super::super::spread::spread;
use super::fault::present;
use super::link::{Acting, Link, checked};
use super::{Code, Fault};

/// A domain as one look at the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DomainRow {
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) autostart: bool,
    /// The persistent definition, used at the next start.
    pub(crate) defined: String,
    /// What runs now; absent when nothing runs.
    pub(crate) live: Option<String>,
}

/// Where a domain is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawState {
    Running,
    Paused,
    ShuttingDown,
    ShutOff,
    Crashed,
    Suspended,
    Unknown,
}

/// What goes with a domain when it is undefined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Undefine {
    /// Whether the firmware's variable store is removed; otherwise it is kept.
    pub(crate) nvram: bool,
}

impl Link {
    /// Reads the wanted domains, all of them without a filter: two lists, then one read each (two
    /// for those that run).
    pub(crate) fn domains(
        &self,
        wanted: Option<&HashSet<String>>,
    ) -> Result<Vec<DomainRow>, Fault> {
        let all = self.connect.list_all_domains(0)?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let autostarted = self.autostarted()?;
        let mut named = Vec::with_capacity(all.len());
        for domain in all {
            let name = domain.get_name()?;
            if wanted.is_none_or(|names| names.contains(&name)) {
                named.push((domain, name));
            }
        }
        let rows = spread(&named, |(domain, name)| {
            present(row(domain, name.clone(), autostarted.contains(name)))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Reads one domain without listing the others.
    pub(crate) fn domain_named(&self, name: &str) -> Result<Option<DomainRow>, Fault> {
        let found = self.domain(name).and_then(|domain| {
            let autostart = domain.get_autostart()?;
            row(&domain, name.to_owned(), autostart)
        });
        present(found)
    }

    fn autostarted(&self) -> Result<HashSet<String>, Fault> {
        let flags = sys::VIR_CONNECT_LIST_DOMAINS_AUTOSTART;
        let listed = self.connect.list_all_domains(flags)?;
        listed.iter().map(|domain| Ok(domain.get_name()?)).collect()
    }

    pub(crate) fn domain_state(&self, name: &str) -> Result<RawState, Fault> {
        state(&self.domain(name)?)
    }

    /// The state of every domain.
    pub(crate) fn domain_states(&self) -> Result<HashMap<String, RawState>, Fault> {
        let mut states = HashMap::new();
        for domain in self.connect.list_all_domains(0)? {
            match state(&domain) {
                Ok(state) => drop(states.insert(domain.get_name()?, state)),
                Err(gone) if gone.is_not_found() => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(states)
    }

    /// Lets a running domain have this much of the memory it was started with.
    pub(crate) fn set_domain_memory(&self, _: &Acting, name: &str, kib: u64) -> Result<(), Fault> {
        self.domain(name)?.set_memory_flags(kib, sys::VIR_DOMAIN_AFFECT_LIVE)?;
        Ok(())
    }

    /// The names of the domains that run, each with what runs.
    pub(crate) fn running_domains(&self) -> Result<Vec<(String, String)>, Fault> {
        let listed = self.connect.list_all_domains(sys::VIR_CONNECT_LIST_DOMAINS_ACTIVE)?;
        let read = |domain: &Domain| -> Result<_, Fault> {
            Ok((domain.get_name()?, domain.get_xml_desc(0)?))
        };
        listed.iter().filter_map(|domain| present(read(domain)).transpose()).collect()
    }

    /// Grows the disk at `path` of a running domain to `bytes`.
    pub(crate) fn resize_disk(
        &self,
        _: &Acting,
        name: &str,
        path: &str,
        bytes: u64,
    ) -> Result<(), Fault> {
        let flags = sys::VIR_DOMAIN_BLOCK_RESIZE_BYTES;
        self.domain(name)?.block_resize(checked(path)?, bytes, flags)?;
        Ok(())
    }

    pub(crate) fn define_domain(&self, _: &Acting, xml: &str) -> Result<(), Fault> {
        Domain::define_xml(&self.connect, checked(xml)?)?;
        Ok(())
    }

    pub(crate) fn autostart_domain(
        &self,
        _: &Acting,
        name: &str,
        autostart: bool,
    ) -> Result<(), Fault> {
        self.domain(name)?.set_autostart(autostart)?;
        Ok(())
    }

    pub(crate) fn start_domain(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.domain(name)?.create()?;
        Ok(())
    }

    /// Starts a domain whose processor stands still, and which goes away with this connection.
    pub(crate) fn start_domain_for_a_moment(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        let flags = sys::VIR_DOMAIN_START_PAUSED | sys::VIR_DOMAIN_START_AUTODESTROY;
        self.domain(name)?.create_with_flags(flags)?;
        Ok(())
    }

    /// Asks the guest to shut down; it may take its time or not listen.
    pub(crate) fn shutdown_domain(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.domain(name)?.shutdown()?;
        Ok(())
    }

    pub(crate) fn power_off_domain(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.domain(name)?.destroy()?;
        Ok(())
    }

    pub(crate) fn reset_domain(&self, _: &Acting, name: &str) -> Result<(), Fault> {
        self.domain(name)?.reset()?;
        Ok(())
    }

    /// Removes the definition, together with managed save and the metadata of snapshots.
    pub(crate) fn undefine_domain(
        &self,
        _: &Acting,
        name: &str,
        what: Undefine,
    ) -> Result<(), Fault> {
        let nvram = if what.nvram {
            sys::VIR_DOMAIN_UNDEFINE_NVRAM
        } else {
            sys::VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
        };
        let rest =
            sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
        let domain = self.domain(name)?;
        match domain.undefine_flags(nvram | rest).map_err(Fault::from) {
            // The test driver knows neither NVRAM nor checkpoints.
            Err(fault) if fault.code == Code::Unsupported || fault.code == Code::Invalid => {
                Ok(domain.undefine_flags(rest)?)
            }
            answer => answer,
        }
    }

    pub(super) fn domain(&self, name: &str) -> Result<Domain, Fault> {
        Ok(Domain::lookup_by_name(&self.connect, checked(name)?)?)
    }
}

fn row(domain: &Domain, name: String, autostart: bool) -> Result<DomainRow, Fault> {
    let active = domain.get_id().is_some();
    let defined = domain.get_xml_desc(sys::VIR_DOMAIN_XML_INACTIVE)?;
    let live = active.then(|| domain.get_xml_desc(0)).transpose()?;
    Ok(DomainRow { name, active, autostart, defined, live })
}

fn state(domain: &Domain) -> Result<RawState, Fault> {
    let (state, _) = domain.get_state()?;
    Ok(match state {
        sys::VIR_DOMAIN_RUNNING | sys::VIR_DOMAIN_BLOCKED => RawState::Running,
        sys::VIR_DOMAIN_PAUSED => RawState::Paused,
        sys::VIR_DOMAIN_SHUTDOWN => RawState::ShuttingDown,
        sys::VIR_DOMAIN_SHUTOFF => RawState::ShutOff,
        sys::VIR_DOMAIN_CRASHED => RawState::Crashed,
        sys::VIR_DOMAIN_PMSUSPENDED => RawState::Suspended,
        _ => RawState::Unknown,
    })
}
