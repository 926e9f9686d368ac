//! The macros of Harmony: [`macro@phases`] turns a module of plain structs into a phase
//! graph, [`macro@capability`] lifts a role to every topology that offers it, [`phase_matrix!`]
//! decides at compile time what is possible in which phase, and [`kvm_host!`] reads an address
//! while it compiles.
//!
//! `harmony-phases` re-exports the first three; the code they write names `::harmony_phases` only.
//! `harmony_providers::kvm_host` re-exports the last.
#![forbid(unsafe_code)]

mod capability;
#[cfg(test)]
mod expanded;
mod faults;
mod kvm_host;
mod matrix;
mod phases;

use proc_macro::TokenStream;

/// Turns a module of plain structs into a phase graph.
///
/// ```
/// use harmony_phases::{Topology, capability, phases};
///
/// #[capability]
/// pub trait DnsServer {
///     fn answers_on(&self) -> u16;
/// }
///
/// #[derive(Debug)]
/// pub struct Gateway;
/// impl DnsServer for Gateway {
///     fn answers_on(&self) -> u16 { 53 }
/// }
///
/// #[phases(any = AnySite)]
/// pub mod site {
///     use super::{DnsServer, Gateway};
///
///     #[start]
///     pub struct Declared { pub address: std::net::IpAddr }
///     #[resting]
///     pub struct NetworkReady { #[grants(DnsServer)] gateway: Gateway }
///     #[transient]
///     pub struct Bootstrapping { #[carries] network: NetworkReady }
///     #[resting]
///     pub struct ClusterReady { #[carries] network: NetworkReady, nodes: usize }
///
///     impl NetworkReady {
///         pub(super) fn seen() -> Self { Self { gateway: Gateway } }
///     }
/// }
///
/// # fn main() {
/// let network = Topology::new("lab", site::NetworkReady::seen());
/// assert_eq!(network.answers_on(), 53);
/// assert_eq!(site::AnySite::from(network).phase_name(), "NetworkReady");
/// # }
/// ```
///
/// # Phases
/// - `#[resting]`: a restart can land here, because looking at the system recognises it.
/// - `#[transient]`: entered and left in one step, `through`.
/// - `#[start]`: where a chain begins; publicly constructible, grants and carries nothing.
///
/// Every field of the other two is private (`pub(super)` and the like are fine, `pub` is refused):
/// only the code beside the phase can build one, so a value of it is evidence. `Debug` is derived
/// where the module does not implement it. A struct without one of the three attributes is an
/// ordinary item.
///
/// # Fields
/// - `#[grants(Capability, ..)]`: the field plays these roles; the topology offers them.
/// - `#[carries]`: the field is an earlier phase that still holds; all it reaches and grants holds
///   too. A phase of another module may be carried this way once, by a phase that grants nothing
///   of its own; otherwise its closure is spelled out:
///   `#[carries(reaches(Phase, ..), grants(Capability, ..))]`.
///
/// # What is written
/// `Phase`, `RestingPhase` and `StartPhase`; `Reached` for every phase reached and `Grants` for every
/// capability granted; the `Any…` enum with `From`, `TryFrom` (whose error gives the enum back) and
/// `phase_name`; `GRAPH`, the graph as data; and a table of phases and capabilities in the module's docs.
#[proc_macro_attribute]
pub fn phases(attribute: TokenStream, item: TokenStream) -> TokenStream {
    phases::expand(attribute.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a trait a capability: a role that topologies offer in the phases that grant it.
///
/// ```
/// use std::{io, net::IpAddr};
/// use harmony_phases::{Context, FailoverTopology, Phase, Topology, capability};
///
/// #[capability(failover = both)]
/// pub trait DnsServer {
///     async fn publish(&self, ctx: &Context, name: &str, ip: IpAddr) -> io::Result<()>;
///     async fn resolve(&self, name: &str) -> io::Result<Option<IpAddr>>;
/// }
///
/// fn answers(_: impl DnsServer) {}
/// fn pair<P: Phase>(a: Topology<P>, b: Topology<P>)
/// where
///     Topology<P>: DnsServer,
/// {
///     answers(&a);
///     answers(FailoverTopology::new(a, b));
/// }
/// ```
///
/// Writes the trait itself (through async-trait, with `Debug + Send + Sync` as supertraits), the words the
/// compiler uses where the capability is missing, and the lifts to `Topology<P>`, `&T`, `Arc<T>` and
/// `FailoverTopology<T, R>`. A lifted method hands out the future of the inner one, boxed once.
///
/// # Failover
/// - `primary` (provided): a pair does what its primary does; its replica need not offer the role.
/// - `both`: a command goes to the replica first and then to the primary, whose answer counts. So a
///   failure leaves the primary as it was.
/// - `manual`: no lift to pairs; write the orchestration beside the trait.
///
/// `#[failover(primary)]` or `#[failover(both)]` on a method overrides the trait's mode.
///
/// A **command** takes `ctx: &Context` as its first argument, or answers with nothing to look at
/// (`Result<(), E>` or no value). Everything else is a **query**, and a query never goes to both. What a
/// method of both halves takes by value must be `Clone`.
#[proc_macro_attribute]
pub fn capability(attribute: TokenStream, item: TokenStream) -> TokenStream {
    capability::expand(attribute.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Decides at compile time, for every pair of a row type and a column trait, whether it holds.
///
/// ```
/// use harmony_phases::{Resting, Topology, phase_matrix, phases};
///
/// #[phases(any = AnySite)]
/// pub mod site {
///     #[resting]
///     pub struct NetworkReady { seen: () }
///     #[transient]
///     pub struct Bootstrapping { #[carries] network: NetworkReady }
/// }
/// use site::{Bootstrapping, NetworkReady};
///
/// let table = phase_matrix! {
///     rows: Topology<NetworkReady>, Topology<Bootstrapping>;
///     capabilities: Resting, Send;
///     reached: NetworkReady, Bootstrapping;
/// };
/// assert!(table.starts_with("\
/// capabilities   Resting  Send
/// NetworkReady   yes      yes
/// Bootstrapping  -        yes
/// "));
/// ```
///
/// The answer is one readable table for each column group. A capability is a trait of the row; a transition
/// holds where it starts from the row; a phase is reached where the row is a `Topology<P>` and `P` carries it.
/// A row may be named: `"lagging pair" = FailoverTopology<Topology<A>, Topology<B>>`. Every type and
/// trait must exist, so a cell that says no cannot be a misspelt name.
#[proc_macro]
pub fn phase_matrix(input: TokenStream) -> TokenStream {
    matrix::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Reads the address of a host for virtual machines while it compiles.
///
/// The value is a `harmony_providers::kvm_host::KvmHostAddress`, read by the same parser as at run
/// time, so a program that compiles has a good address. The compiler shows a bad one with carets
/// under the part that is wrong.
///
/// ```text
/// let host = kvm_host!("root@h1.example:22");
/// ```
#[proc_macro]
pub fn kvm_host(input: TokenStream) -> TokenStream {
    kvm_host::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
