//! Looking at what is there: what many ask in one tick is read in one go.
//!
//! A segment's scores are validated side by side, so a plan over a hundred machines asks a hundred
//! questions at once. They become one blocking call that lists once and then reads each object's
//! XML, which is the least that libvirt's interface allows. A lone question does not list.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use harmony_phases::batch::Batch;

use super::connection::Connection;
use super::error::LibvirtError;
use super::raw::{Code, DomainRow, Fault, Link, NetworkRow, PoolRow, VolumeRow};
use super::spread::spread;
use super::xml::{self, Domain, Pool, XmlError};

/// From this many names on, listing is cheaper than looking up one by one.
const WORTH_A_LIST: usize = 5;

/// A row whose XML is understood once, for all who asked.
#[derive(Debug)]
pub(crate) struct Seen<R, M> {
    row: R,
    model: OnceLock<Result<M, XmlError>>,
}

/// A machine that was looked at.
pub(crate) type DomainSeen = Seen<DomainRow, Domain>;
/// A pool that was looked at: every volume and disk in it asks for it.
pub(crate) type PoolSeen = Seen<PoolRow, Pool>;

impl<R, M> Seen<R, M> {
    fn new(row: R) -> Self {
        Self { row, model: OnceLock::new() }
    }
}

impl<R, M> Deref for Seen<R, M> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl DomainSeen {
    /// What its persistent definition says.
    pub(crate) fn model(&self) -> Result<&Domain, LibvirtError> {
        let model = self.model.get_or_init(|| xml::read("a domain", &self.row.defined));
        Ok(model.as_ref().map_err(Clone::clone)?)
    }
}

impl PoolSeen {
    /// What its XML says.
    pub(crate) fn model(&self) -> Result<&Pool, LibvirtError> {
        let model = self.model.get_or_init(|| xml::read("a pool", &self.row.xml));
        Ok(model.as_ref().map_err(Clone::clone)?)
    }
}

/// A volume's pool and name.
type VolumeKey = (String, String);

/// The batched reads of one connection.
#[derive(Debug)]
pub(crate) struct Reads {
    domains: Batch<String, Arc<DomainSeen>, LibvirtError>,
    networks: Batch<String, Arc<NetworkRow>, LibvirtError>,
    pools: Batch<String, Arc<PoolSeen>, LibvirtError>,
    volumes: Batch<VolumeKey, Arc<VolumeRow>, LibvirtError>,
}

impl Reads {
    pub(crate) fn new(connection: &Connection) -> Self {
        Self {
            domains: batch(connection, "read domains", read_domains),
            networks: batch(connection, "read networks", read_networks),
            pools: batch(connection, "read pools", read_pools),
            volumes: batch(connection, "read volumes", read_volumes),
        }
    }

    pub(crate) async fn domain(&self, name: &str) -> Result<Option<Arc<DomainSeen>>, LibvirtError> {
        self.domains.ask(name.to_owned()).await
    }

    pub(crate) async fn network(
        &self,
        name: &str,
    ) -> Result<Option<Arc<NetworkRow>>, LibvirtError> {
        self.networks.ask(name.to_owned()).await
    }

    pub(crate) async fn pool(&self, name: &str) -> Result<Option<Arc<PoolSeen>>, LibvirtError> {
        self.pools.ask(name.to_owned()).await
    }

    /// Reads a volume; its pool must be running.
    pub(crate) async fn volume(
        &self,
        pool: &str,
        name: &str,
    ) -> Result<Option<Arc<VolumeRow>>, LibvirtError> {
        self.volumes.ask((pool.to_owned(), name.to_owned())).await
    }
}

type Read<K, V> = fn(&Link, &[K]) -> Result<HashMap<K, Arc<V>>, Fault>;

fn batch<K, V>(
    connection: &Connection,
    what: &'static str,
    read: Read<K, V>,
) -> Batch<K, Arc<V>, LibvirtError>
where
    K: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    let connection = connection.clone();
    Batch::new(move |keys: Vec<K>| {
        let connection = connection.clone();
        Box::pin(async move { connection.read(what, move |link| read(link, &keys)).await })
    })
}

fn read_domains(link: &Link, names: &[String]) -> Result<HashMap<String, Arc<DomainSeen>>, Fault> {
    let rows = if names.len() < WORTH_A_LIST {
        each(names, |name| link.domain_named(name))?
    } else {
        link.domains(Some(&names.iter().cloned().collect()))?
    };
    let seen: Vec<DomainSeen> = rows.into_iter().map(Seen::new).collect();
    // Understood here, off the async threads; what cannot be is told to whoever asks for it.
    spread(&seen, |seen| {
        drop(seen.model());
        Ok::<_, Fault>(())
    })?;
    Ok(by_name(seen, |seen| seen.name.clone()))
}

fn read_networks(link: &Link, names: &[String]) -> Result<HashMap<String, Arc<NetworkRow>>, Fault> {
    let rows = if names.len() < WORTH_A_LIST {
        each(names, |name| link.network_named(name))?
    } else {
        link.networks()?
    };
    Ok(by_name(rows, |row| row.name.clone()))
}

fn read_pools(link: &Link, names: &[String]) -> Result<HashMap<String, Arc<PoolSeen>>, Fault> {
    let distinct: HashSet<&String> = names.iter().collect();
    let rows = if distinct.len() < WORTH_A_LIST {
        each(distinct, |name| link.pool_named(name))?
    } else {
        link.pools()?
    };
    let rows = rows.into_iter().map(Seen::new).collect();
    Ok(by_name(rows, |seen: &PoolSeen| seen.row.name.clone()))
}

fn read_volumes(
    link: &Link,
    keys: &[VolumeKey],
) -> Result<HashMap<VolumeKey, Arc<VolumeRow>>, Fault> {
    let mut pools: HashMap<&String, HashSet<String>> = HashMap::new();
    for (pool, name) in keys {
        pools.entry(pool).or_default().insert(name.clone());
    }
    let mut found = HashMap::with_capacity(keys.len());
    for (pool, names) in pools {
        let rows = if names.len() < WORTH_A_LIST {
            link.volumes_named(pool, &names)
        } else {
            link.volumes(pool, Some(&names))
        };
        let rows = match rows {
            Ok(rows) => rows,
            // No volume is to be had in a pool that is not there or does not run.
            Err(fault) if matches!(fault.code, Code::NotFound | Code::Refused) => continue,
            Err(fault) => return Err(fault),
        };
        found.extend(by_name(rows, |row| (pool.clone(), row.name.clone())));
    }
    Ok(found)
}

/// Asks for each name in turn and keeps what is there.
fn each<'a, V>(
    names: impl IntoIterator<Item = &'a String>,
    look: impl Fn(&str) -> Result<Option<V>, Fault>,
) -> Result<Vec<V>, Fault> {
    names.into_iter().filter_map(|name| look(name).transpose()).collect()
}

fn by_name<K: Eq + std::hash::Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Arc<V>> {
    rows.into_iter().map(|row| (key(&row), Arc::new(row))).collect()
}
