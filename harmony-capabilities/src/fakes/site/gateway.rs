//! The gateway of a simulated site.

use std::fmt;

use async_trait::async_trait;
use harmony_phases::{Context, Intent, Permit, ownership::Mark};
use harmony_types::{MacAddress, ObjectName};

use super::{SimulatedSite, services::Served, world::World};
use crate::{
    keeping::Marked,
    network::{
        DhcpServer, DnsName, DnsRecord, DnsServer, Frontend, LoadBalancer, NetworkError,
        NetworkErrorKind, RecordKind, Reservation, ServerHealth, StoredFile, TftpFile, TftpPath,
        TftpServer,
    },
};

/// The gateway of a simulated site: a DHCP, DNS and TFTP server and a load balancer.
///
/// Files named by path are taken at their checksum's word: nothing reads this machine's disk.
#[derive(Clone)]
pub struct SimulatedGateway {
    site: SimulatedSite,
}

impl SimulatedGateway {
    pub(super) const fn new(site: SimulatedSite) -> Self {
        Self { site }
    }

    /// The site it belongs to.
    pub const fn site(&self) -> &SimulatedSite {
        &self.site
    }

    async fn list<I: Served>(&self) -> Result<Vec<Marked<I>>, NetworkError> {
        let what = format!("list {}s", I::KIND);
        self.site
            .look(&what, |world| {
                reachable(world, &what)?;
                Ok(I::list(&mut world.services).clone())
            })
            .await
    }

    async fn put<I: Served>(
        &self,
        ctx: &Context,
        item: &I,
        mark: &Mark,
    ) -> Result<(), NetworkError> {
        self.act(ctx, Intent::new(format!("put {}", I::KIND), item.key()), |permit, world| {
            world.put(permit, item, mark)
        })
        .await
    }

    async fn remove<I: Served>(&self, ctx: &Context, key: &str) -> Result<(), NetworkError> {
        self.act(ctx, Intent::new(format!("remove {}", I::KIND), key), |permit, world| {
            world.remove::<I>(permit, key);
            Ok(())
        })
        .await
    }

    async fn act(
        &self,
        ctx: &Context,
        intent: Intent,
        act: impl Fn(&Permit, &mut World) -> Result<(), NetworkError>,
    ) -> Result<(), NetworkError> {
        let what = intent.to_string();
        self.site
            .change(ctx, intent, |permit, world| {
                reachable(world, &what)?;
                act(permit, world).map_err(|error| error.at("the simulated gateway"))
            })
            .await
    }
}

/// A gateway whose network is down answers nobody.
fn reachable(world: &World, what: &str) -> Result<(), NetworkError> {
    if world.network.is_some() {
        return Ok(());
    }
    Err(NetworkError::new(NetworkErrorKind::Unreachable, what)
        .at("the simulated gateway")
        .remedy("bring its network up"))
}

impl fmt::Debug for SimulatedGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedGateway").finish_non_exhaustive()
    }
}

#[async_trait]
impl DhcpServer for SimulatedGateway {
    async fn reservations(&self) -> Result<Vec<Marked<Reservation>>, NetworkError> {
        self.list().await
    }
    async fn reserve(
        &self,
        ctx: &Context,
        reservation: &Reservation,
        mark: &Mark,
    ) -> Result<(), NetworkError> {
        self.put(ctx, reservation, mark).await
    }
    async fn release(&self, ctx: &Context, card: MacAddress) -> Result<(), NetworkError> {
        self.remove::<Reservation>(ctx, &card.to_string()).await
    }
}

#[async_trait]
impl DnsServer for SimulatedGateway {
    async fn records(&self) -> Result<Vec<Marked<DnsRecord>>, NetworkError> {
        self.list().await
    }
    async fn publish(
        &self,
        ctx: &Context,
        record: &DnsRecord,
        mark: &Mark,
    ) -> Result<(), NetworkError> {
        self.put(ctx, record, mark).await
    }
    async fn withdraw(
        &self,
        ctx: &Context,
        name: &DnsName,
        kind: RecordKind,
    ) -> Result<(), NetworkError> {
        self.remove::<DnsRecord>(ctx, &format!("{name} {kind}")).await
    }
}

#[async_trait]
impl TftpServer for SimulatedGateway {
    async fn files(&self) -> Result<Vec<Marked<StoredFile>>, NetworkError> {
        self.list().await
    }
    async fn store(&self, ctx: &Context, file: &TftpFile, mark: &Mark) -> Result<(), NetworkError> {
        self.put(ctx, &file.stored(), mark).await
    }
    async fn remove(&self, ctx: &Context, path: &TftpPath) -> Result<(), NetworkError> {
        self.remove::<StoredFile>(ctx, path.as_str()).await
    }
}

#[async_trait]
impl LoadBalancer for SimulatedGateway {
    async fn frontends(&self) -> Result<Vec<Marked<Frontend>>, NetworkError> {
        self.list().await
    }
    async fn health(&self, frontend: &ObjectName) -> Result<Vec<ServerHealth>, NetworkError> {
        let what = format!("look at the servers of `{frontend}`");
        self.site
            .look(&what, |world| {
                reachable(world, &what)?;
                Ok(world.health_of(frontend))
            })
            .await
    }
    async fn serve(
        &self,
        ctx: &Context,
        frontend: &Frontend,
        mark: &Mark,
    ) -> Result<(), NetworkError> {
        self.put(ctx, frontend, mark).await
    }
    async fn retire(&self, ctx: &Context, frontend: &ObjectName) -> Result<(), NetworkError> {
        self.remove::<Frontend>(ctx, frontend.as_str()).await
    }
}
