//! Writes `GRAPH`: the phase graph as data.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    closure::Closure,
    model::{Graph, Kind, Phase, last_name},
};

/// The constant.
pub(super) fn of(graph: &Graph, closures: &[Closure]) -> TokenStream {
    let module = graph.module.to_string();
    let nodes = graph.phases.iter().zip(closures).map(|(phase, closure)| node(phase, closure));
    quote! {
        /// The phases of this module as data: for drawings, tables and tests.
        ///
        /// What a carried phase of another module brings is listed where the carry spells it out.
        pub const GRAPH: ::harmony_phases::graph::PhaseGraph = ::harmony_phases::graph::PhaseGraph {
            module: #module,
            phases: &[#(#nodes),*],
        };
    }
}

fn node(phase: &Phase, closure: &Closure) -> TokenStream {
    let name = phase.ident.to_string();
    let kind = match phase.kind {
        Kind::Resting => format_ident!("Resting"),
        Kind::Start => format_ident!("Start"),
        Kind::Transient => format_ident!("Transient"),
    };
    let carries = phase.carries.iter().map(|carry| last_name(&carry.phase));
    let reaches = closure.reaches.iter().map(|reach| last_name(&reach.phase));
    let grants = closure.grants.iter().map(|granted| last_name(&granted.capability));
    quote! {
        ::harmony_phases::graph::PhaseNode {
            name: #name,
            kind: ::harmony_phases::graph::PhaseKind::#kind,
            carries: &[#(#carries),*],
            reaches: &[#(#reaches),*],
            grants: &[#(#grants),*],
        }
    }
}
