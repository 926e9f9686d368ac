//! The same objects by raw calls, in sequence.

use virt::{
    connect::Connect, domain::Domain, network::Network, storage_pool::StoragePool,
    storage_vol::StorageVol,
};

use crate::measure::time;

/// A connection that makes what Harmony made, from the same XML.
pub(super) struct Peer {
    connection: Connect,
}

/// What Harmony made, as libvirt describes it.
pub(super) struct Made {
    pool: String,
    network: String,
    volumes: Vec<String>,
    domains: Vec<String>,
}

impl Made {
    pub(super) const fn domains(&self) -> usize {
        self.domains.len()
    }
    pub(super) const fn volumes(&self) -> usize {
        self.volumes.len()
    }
}

impl Peer {
    /// Opens the connection; before ours, so that it has no event loop and pays for none.
    pub(super) fn connect(uri: &str) -> anyhow::Result<Self> {
        Ok(Self { connection: Connect::open(Some(uri))? })
    }

    /// Notes the XML of everything in `pool` and of every object whose name begins with `prefix`.
    pub(super) fn record(&self, pool: &str, prefix: &str) -> anyhow::Result<Made> {
        let network = Network::lookup_by_name(&self.connection, &format!("{prefix}net"))?;
        let pool = StoragePool::lookup_by_name(&self.connection, pool)?;
        let mut made = Made {
            pool: pool.get_xml_desc(0)?,
            network: network.get_xml_desc(0)?,
            volumes: Vec::new(),
            domains: Vec::new(),
        };
        for volume in pool.list_all_volumes(0)? {
            if volume.get_name()?.starts_with(prefix) {
                made.volumes.push(volume.get_xml_desc(0)?);
            }
        }
        for domain in self.connection.list_all_domains(0)? {
            if domain.get_name()?.starts_with(prefix) {
                made.domains.push(domain.get_xml_desc(virt::sys::VIR_DOMAIN_XML_INACTIVE)?);
            }
        }
        Ok(made)
    }

    /// Reads what a no-change plan has to know, one after the other, on the connection that is open
    /// already; how long it took, in seconds.
    pub(super) fn read_all(&self, pool: &str) -> anyhow::Result<f64> {
        let connection = &self.connection;
        let (took, read) = time(|| -> anyhow::Result<usize> {
            let mut bytes = connection.get_capabilities()?.len();
            for network in connection.list_all_networks(0)? {
                bytes += network.get_xml_desc(0)?.len();
            }
            let pool = StoragePool::lookup_by_name(connection, pool)?;
            bytes += pool.get_xml_desc(0)?.len();
            for volume in pool.list_all_volumes(0)? {
                bytes += volume.get_xml_desc(0)?.len();
            }
            for domain in connection.list_all_domains(0)? {
                bytes += domain.get_xml_desc(virt::sys::VIR_DOMAIN_XML_INACTIVE)?.len();
            }
            Ok(bytes)
        });
        read?;
        Ok(took.as_secs_f64())
    }

    /// Makes everything; how long it took, in seconds.
    pub(super) fn create(&self, made: &Made) -> anyhow::Result<f64> {
        let (took, created) = time(|| -> anyhow::Result<()> {
            let connection = &self.connection;
            let pool = StoragePool::define_xml(connection, &made.pool, 0)?;
            pool.build(0)?;
            pool.create(0)?;
            pool.set_autostart(true)?;
            let network = Network::define_xml(connection, &made.network)?;
            network.create()?;
            network.set_autostart(true)?;
            for volume in &made.volumes {
                StorageVol::create_xml(&pool, volume, 0)?;
            }
            for domain in &made.domains {
                Domain::define_xml(connection, domain)?;
            }
            Ok(())
        });
        created?;
        Ok(took.as_secs_f64())
    }

    pub(super) fn remove(&self, made: &Made) -> anyhow::Result<()> {
        let connection = &self.connection;
        let pool = StoragePool::lookup_by_name(connection, super::ours::POOL)?;
        for domain in connection.list_all_domains(0)? {
            if domain.get_name()?.starts_with(super::ours::PREFIX) {
                domain.undefine()?;
            }
        }
        for volume in pool.list_all_volumes(0)? {
            volume.delete(0)?;
        }
        pool.destroy()?;
        pool.undefine()?;
        let network = Network::lookup_by_name(connection, &format!("{}net", super::ours::PREFIX))?;
        network.destroy()?;
        network.undefine()?;
        anyhow::ensure!(!made.domains.is_empty(), "nothing was made");
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // `Connect` has no Drop of its own; a failure to close leaves nothing to be done.
        let _ = self.connection.close();
    }
}
