//! A site that becomes an OKD cluster: first its network, then a bootstrap machine, then the cluster.
//!
//! The phases and transitions are those of an OKD installation. For now they are reached on a
//! [simulated site](harmony_capabilities::fakes::SimulatedSite) only, whose clients the phases hold; the provider of
//! OKD will put its own in their place and keep the shapes.
//!
//! ```
//! use harmony_capabilities::{
//!     fakes::SimulatedSite,
//!     kubernetes::K8sClient,
//!     network::{DhcpScore, Reservation},
//! };
//! use harmony_phases::{Context, Pipeline, Topology, Transition, transition::through};
//! use harmony_providers::okd_site::{
//!     ClusterPlan, Declared, DestroyCluster, FormCluster, Machine, PrepareNetwork, StartBootstrapNode,
//! };
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bootstrap = Machine::new("bootstrap".parse()?, "52:54:00:00:00:01".parse()?);
//! let cp = Machine::new("cp-0".parse()?, "52:54:00:00:00:10".parse()?);
//! let reserved = Reservation::new(bootstrap.mac, [192, 168, 100, 9])?;
//! let plan = ClusterPlan::new(bootstrap, [cp])?;
//!
//! let pipeline = Pipeline::start()
//!     .advance(PrepareNetwork)
//!     .run(DhcpScore::new(reserved))
//!     .advance(
//!         through(StartBootstrapNode::new(&plan), |inside| inside, FormCluster::new(&plan))
//!             .reverted_by(DestroyCluster::new(&plan)),
//!     );
//! let start = Topology::new("rehearsal", Declared { site: SimulatedSite::new() });
//! let finished = pipeline.execute(&Context::for_site("lab".parse()?), start).await?;
//! assert!(finished.topology.ready().await?.is_ready());
//! # Ok(())
//! # }
//! ```

mod chain;
mod cluster_plan;
mod destroy_cluster;
mod error;
mod form_cluster;
mod prepare_network;
mod start_bootstrap_node;

#[doc(inline)]
pub use chain::okd_site as phases;
pub use chain::okd_site::{AnyOkdSite, Bootstrapping, ClusterReady, Declared, GRAPH, NetworkReady};
pub use cluster_plan::{ClusterPlan, Machine};
pub use destroy_cluster::DestroyCluster;
pub use error::OkdSiteError;
pub use form_cluster::FormCluster;
pub use prepare_network::PrepareNetwork;
pub use start_bootstrap_node::StartBootstrapNode;
