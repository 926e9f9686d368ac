use anyhow::{Context as _, Result, ensure};
use virt::{
    connect::Connect, domain::Domain, error::clear_error_callback, storage_pool::StoragePool,
    storage_vol::StorageVol,
};

/// The world in which Harmony is only one of those who change things.
///
/// It also keeps the test driver alive, whose state goes with the last connection.
#[derive(Debug)]
pub(super) struct World {
    connection: Connect,
    before: Inventory,
}

/// The names of everything there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inventory {
    machines: Vec<String>,
    networks: Vec<String>,
    pools: Vec<String>,
}

const POOL: &str = "default-pool";
const INSTALLER: &str = "installer.iso";
const INSTALLER_XML: &str =
    "<volume><name>installer.iso</name><capacity unit='MiB'>600</capacity></volume>";

impl World {
    pub(super) const URI: &str = "test:///default";

    pub(super) fn open() -> Result<Self> {
        clear_error_callback();
        let connection = Connect::open(Some(Self::URI)).context("opening the test driver")?;
        let before = Inventory::of(&connection)?;
        Ok(Self { connection, before })
    }

    /// Puts an installer where somebody else would have put it.
    pub(super) fn installer(&self) -> Result<String> {
        let pool = StoragePool::lookup_by_name(&self.connection, POOL)?;
        StorageVol::create_xml(&pool, INSTALLER_XML, 0).context("making the installer's volume")?;
        Ok(format!("{POOL}/{INSTALLER}"))
    }

    /// Changes a machine's definition, as `virsh edit` does.
    pub(super) fn halve_memory(&self, machine: &str) -> Result<()> {
        let domain = Domain::lookup_by_name(&self.connection, machine)?;
        let kib = domain.get_max_memory()?;
        let xml = domain.get_xml_desc(0)?;
        let edited = xml.replace(&kib.to_string(), &(kib / 2).to_string());
        ensure!(edited != xml, "the machine's definition does not name its memory");
        Domain::define_xml(&self.connection, &edited).context("redefining the machine")?;
        Ok(())
    }

    /// Checks that all there is was there before, the installer included.
    pub(super) fn is_as_before(&self) -> Result<()> {
        let now = Inventory::of(&self.connection)?;
        ensure!(now == self.before, "found {now:?}, and before it was {:?}", self.before);
        let pool = StoragePool::lookup_by_name(&self.connection, POOL)?;
        StorageVol::lookup_by_name(&pool, INSTALLER).context("looking for the installer")?;
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The process ends with it, whatever closing says.
        let _ = self.connection.close();
    }
}

impl Inventory {
    fn of(connection: &Connect) -> Result<Self> {
        let mut all = Self::default();
        for domain in connection.list_all_domains(0)? {
            all.machines.push(domain.get_name()?);
        }
        for network in connection.list_all_networks(0)? {
            all.networks.push(network.get_name()?);
        }
        for pool in connection.list_all_storage_pools(0)? {
            all.pools.push(pool.get_name()?);
        }
        all.machines.sort();
        all.networks.sort();
        all.pools.sort();
        Ok(all)
    }
}
