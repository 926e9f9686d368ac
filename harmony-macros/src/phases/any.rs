//! Writes the `Any…` enum: a topology in whichever phase of the module it is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::model::Graph;

/// The enum, its `phase_name`, and the conversions.
pub(super) fn of(graph: &Graph) -> TokenStream {
    let (any, module) = (&graph.any, graph.module.to_string());
    let phases: Vec<&Ident> = graph.phases.iter().map(|phase| &phase.ident).collect();
    let variant_docs = phases.iter().map(|phase| format!(" In phase [`{phase}`]."));
    let docs = format!(
        " A topology in whichever phase of `{module}` it is.\n\n\
         \x20For what must hold one across phases: a conditional transition is a `match` on it, and a\n\
         \x20program that runs for long keeps it. `TryFrom` gives the enum back where the phase is another.",
    );
    let conversions = phases.iter().map(|phase| conversions(any, phase, phases.len() == 1));
    quote! {
        #[doc = #docs]
        #[allow(clippy::large_enum_variant, reason = "a phase is as large as what was acquired")]
        #[derive(Debug)]
        #[must_use = "a topology that is dropped is a system nobody looks after"]
        pub enum #any {
            #(
                #[doc = #variant_docs]
                #phases(::harmony_phases::Topology<#phases>),
            )*
        }
        impl #any {
            /// The name of the phase it is in.
            pub const fn phase_name(&self) -> &'static str {
                match self {
                    #(Self::#phases(_) => <#phases as ::harmony_phases::Phase>::NAME,)*
                }
            }
        }
        #(#conversions)*
    }
}

fn conversions(any: &Ident, phase: &Ident, alone: bool) -> TokenStream {
    // A pattern that can fail needs another variant to match.
    let other = (!alone).then(|| quote!(other => ::core::result::Result::Err(other),));
    quote! {
        impl ::core::convert::From<::harmony_phases::Topology<#phase>> for #any {
            fn from(topology: ::harmony_phases::Topology<#phase>) -> Self {
                Self::#phase(topology)
            }
        }
        impl ::core::convert::TryFrom<#any> for ::harmony_phases::Topology<#phase> {
            type Error = #any;
            fn try_from(any: #any) -> ::core::result::Result<Self, #any> {
                match any {
                    #any::#phase(topology) => ::core::result::Result::Ok(topology),
                    #other
                }
            }
        }
    }
}
