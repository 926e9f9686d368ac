//! What a lifted capability does when it is called.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use futures_util::FutureExt;
use harmony_phases::{Context, FailoverTopology, Topology, capability, phases};

/// The server of this name refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused(&'static str);

/// Answers for names.
#[capability(failover = both)]
pub trait DnsServer: Send + Sync {
    /// A command, because it takes the context, although it answers.
    async fn publish(&self, ctx: &Context, name: String) -> Result<usize, Refused>;
    /// A command, because there is nothing to look at in its answer.
    async fn flush(&self) -> Result<(), Refused>;
    /// A command that is asked of the primary only.
    #[failover(primary)]
    async fn elect(&self, ctx: &Context) -> Result<&'static str, Refused>;
    /// A query.
    async fn answers(&self) -> usize;
    /// A provided query with a lifetime of its own.
    async fn first<'a>(&self, names: &'a [&'a str]) -> Option<&'a str> {
        names.first().copied()
    }
    /// Not async.
    fn product(&self) -> &'static str;
}

/// A server, and the call at which it starts to refuse.
#[derive(Debug)]
pub struct Server {
    name: &'static str,
    calls: Arc<AtomicUsize>,
    refuses_from: usize,
}

impl Server {
    fn call(&self) -> Result<usize, Refused> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call >= self.refuses_from { Err(Refused(self.name)) } else { Ok(call) }
    }
}

#[async_trait]
impl DnsServer for Server {
    async fn publish(&self, _ctx: &Context, _name: String) -> Result<usize, Refused> {
        self.call()
    }
    async fn flush(&self) -> Result<(), Refused> {
        self.call().map(drop)
    }
    async fn elect(&self, _ctx: &Context) -> Result<&'static str, Refused> {
        self.call().map(|_| self.name)
    }
    async fn answers(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
    fn product(&self) -> &'static str {
        self.name
    }
}

/// One server.
#[phases(any = AnyOffice)]
pub mod office {
    use super::{DnsServer, Server};

    /// The server answers.
    #[resting]
    pub struct Wired {
        #[grants(DnsServer)]
        pub(super) server: Server,
    }
}

fn office(name: &'static str, refuses_from: usize) -> Topology<office::Wired> {
    let server = Server { name, calls: Arc::default(), refuses_from };
    Topology::new(name, office::Wired { server })
}

fn context() -> Context {
    Context::for_site("lab".parse().expect("a site name"))
}

/// These servers never wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("the call does not wait")
}

#[test]
fn a_topology_hands_calls_to_the_player() {
    let office = office("one", 9);
    assert_eq!(now(office.publish(&context(), "web".to_owned())), Ok(0));
    assert_eq!(now(office.answers()), 1);
    assert_eq!(now(office.first(&["web", "db"])), Some("web"));
    assert_eq!(office.product(), "one");
}

#[test]
fn references_offer_what_they_point_at() {
    fn flush(server: impl DnsServer) {
        assert_eq!(now(server.flush()), Ok(()));
    }
    let office = Arc::new(office("one", 9));
    flush(&*office);
    flush(Arc::clone(&office));
    flush(&office);
    assert_eq!(now(office.answers()), 3);
}

#[test]
fn a_command_goes_to_the_replica_and_then_to_the_primary() {
    let pair = FailoverTopology::new(office("primary", 9), office("replica", 9));
    assert_eq!(now(pair.publish(&context(), "web".to_owned())), Ok(0));
    assert_eq!(now(pair.flush()), Ok(()));
    assert_eq!((now(pair.primary.answers()), now(pair.replica.answers())), (2, 2));
}

#[test]
fn a_replica_that_refuses_leaves_the_primary_as_it_was() {
    let pair = FailoverTopology::new(office("primary", 9), office("replica", 0));
    assert_eq!(now(pair.publish(&context(), "web".to_owned())), Err(Refused("replica")));
    assert_eq!(now(pair.primary.answers()), 0);
}

#[test]
fn a_query_and_an_override_ask_the_primary() {
    let pair = FailoverTopology::new(office("primary", 9), office("replica", 0));
    assert_eq!(now(pair.elect(&context())), Ok("primary"));
    assert_eq!(now(pair.answers()), 1);
    assert_eq!(pair.product(), "primary");
    assert_eq!(now(pair.replica.answers()), 0);
}

#[test]
fn pairs_can_be_paired() {
    let pair = || FailoverTopology::new(office("a", 9), office("b", 9));
    let pairs = FailoverTopology::new(pair(), pair());
    assert_eq!(now(pairs.flush()), Ok(()));
    assert_eq!(now(pairs.replica.replica.answers()), 1);
}
