//! Writes the impls of `Phase`, `RestingPhase`, `StartPhase`, `Reached` and `Grants`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{
    closure::{Closure, Via},
    model::{Graph, Kind, Phase},
};

/// The impls of every phase.
pub(super) fn of(graph: &Graph, closures: &[Closure]) -> TokenStream {
    graph
        .phases
        .iter()
        .zip(closures)
        .flat_map(|(phase, closure)| {
            [kind(phase), spine(phase, closure), reached(phase, closure), granted(phase, closure)]
        })
        .collect()
}

fn kind(phase: &Phase) -> TokenStream {
    let (ident, name) = (&phase.ident, phase.ident.to_string());
    let resting = (phase.kind != Kind::Transient)
        .then(|| quote!(impl ::harmony_phases::RestingPhase for #ident {}));
    let start = (phase.kind == Kind::Start)
        .then(|| quote!(impl ::harmony_phases::StartPhase for #ident {}));
    quote! {
        impl ::harmony_phases::Phase for #ident {
            const NAME: &'static str = #name;
        }
        #resting
        #start
    }
}

/// The closure of a phase of another module, forwarded without knowing it.
fn spine(phase: &Phase, closure: &Closure) -> TokenStream {
    let Some(spine) = closure.spine else { return TokenStream::new() };
    let ident = &phase.ident;
    let (member, carried) = (&phase.carries[spine].member, &phase.carries[spine].ty);
    quote! {
        #[diagnostic::do_not_recommend]
        impl<Earlier: ::harmony_phases::Phase> ::harmony_phases::Reached<Earlier> for #ident
        where
            #carried: ::harmony_phases::Reached<Earlier>,
        {
            #[inline]
            fn evidence(&self) -> &Earlier {
                ::harmony_phases::Reached::evidence(&self.#member)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Capability: ?::core::marker::Sized> ::harmony_phases::Grants<Capability> for #ident
        where
            #carried: ::harmony_phases::Grants<Capability>,
        {
            #[inline]
            fn grant(&self) -> &Capability {
                ::harmony_phases::Grants::grant(&self.#member)
            }
        }
    }
}

fn reached(phase: &Phase, closure: &Closure) -> TokenStream {
    let ident = &phase.ident;
    let explicit = closure.reaches.iter().filter(|reach| !through_spine(closure, reach.via));
    explicit
        .map(|reach| {
            let earlier = &reach.phase;
            let evidence = match reach.via {
                Via::Own(_) => quote!(self),
                Via::Carry(carry) => {
                    let member = &phase.carries[carry].member;
                    quote!(::harmony_phases::Reached::evidence(&self.#member))
                }
            };
            quote! {
                #[diagnostic::do_not_recommend]
                impl ::harmony_phases::Reached<#earlier> for #ident {
                    #[inline]
                    fn evidence(&self) -> &#earlier {
                        #evidence
                    }
                }
            }
        })
        .collect()
}

fn granted(phase: &Phase, closure: &Closure) -> TokenStream {
    let ident = &phase.ident;
    let explicit = closure.grants.iter().filter(|granted| !through_spine(closure, granted.via));
    explicit
        .map(|granted| {
            let capability = &granted.capability;
            let player = match granted.via {
                Via::Own(grant) => {
                    let grant = &phase.grants[grant];
                    let member = &grant.member;
                    // Points at the field's type where it does not play the role.
                    quote_spanned!(grant.ty.span()=> &self.#member)
                }
                Via::Carry(carry) => {
                    let member = &phase.carries[carry].member;
                    quote!(::harmony_phases::Grants::grant(&self.#member))
                }
            };
            quote! {
                #[diagnostic::do_not_recommend]
                impl ::harmony_phases::Grants<dyn #capability> for #ident {
                    #[inline]
                    fn grant(&self) -> &(dyn #capability + 'static) {
                        #player
                    }
                }
            }
        })
        .collect()
}

fn through_spine(closure: &Closure, via: Via) -> bool {
    matches!((closure.spine, via), (Some(spine), Via::Carry(carry)) if spine == carry)
}
