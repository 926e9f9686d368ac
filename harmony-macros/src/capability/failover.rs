//! Lifts a capability to a pair, unless its orchestration is written by hand.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type, spanned::Spanned};

use super::{
    lifts, messages,
    method::Method,
    options::{Halves, Mode},
    role::Role,
    signature,
};

/// The lift to `FailoverTopology`, on hidden traits that name the half that lacks the capability.
pub(super) fn of(role: &Role) -> TokenStream {
    if role.mode == Mode::Manual {
        return TokenStream::new();
    }
    let (name, supertraits) = (&role.name, &role.supertraits);
    let primary = Half::new(role, "Primary");
    let replica = Half::new(role, "Replica");
    let primary_offers = &primary.offers;
    let needs_replica = role.methods.iter().any(|method| method.halves == Halves::Both);
    let replica_offers = needs_replica.then_some(&replica.offers);
    let replica_offers = replica_offers.map(|offers| quote!(+ #offers<Replica>));
    let hidden = [Some(primary.declare(role)), needs_replica.then(|| replica.declare(role))];
    let hidden = hidden.into_iter().flatten();
    let methods = role.methods.iter().map(|method| match method.halves {
        Halves::Both => both(role, method, &primary, &replica),
        Halves::Primary => lifts::forward(role, method, &quote!(#primary_offers::half(self))),
    });
    quote! {
        #(#hidden)*
        impl<Primary, Replica> #name for ::harmony_phases::FailoverTopology<Primary, Replica>
        where
            Self: #primary_offers<Primary> #replica_offers #(+ #supertraits)*,
        {
            #(#methods)*
        }
    }
}

/// One half of a pair.
struct Half {
    parameter: Ident,
    field: Ident,
    offers: Ident,
}

impl Half {
    fn new(role: &Role, parameter: &str) -> Self {
        Self {
            parameter: format_ident!("{parameter}"),
            field: format_ident!("{}", parameter.to_lowercase()),
            offers: format_ident!("{parameter}Offers{}", role.name),
        }
    }

    /// The hidden trait of a pair whose half offers the capability.
    fn declare(&self, role: &Role) -> TokenStream {
        let Self { parameter, field, offers } = self;
        let (name, vis) = (&role.name, &role.item.vis);
        let words = messages::missing_in_half(&name.to_string(), &field.to_string());
        let docs = format!(" What a pair whose {field} is a [`{name}`] implements.");
        let plain = quote!(::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync);
        let bounds = ["Primary", "Replica"]
            .map(|half| if *parameter == half { quote!(#name) } else { plain.clone() });
        let [of_primary, of_replica] = bounds;
        quote! {
            #[doc = #docs]
            #[doc(hidden)]
            #words
            #vis trait #offers<Half>: #plain {
                /// What plays the role.
                type Player: #name;
                /// The half that plays the role.
                fn half(&self) -> &Self::Player;
            }
            #[diagnostic::do_not_recommend]
            impl<Primary: #of_primary, Replica: #of_replica> #offers<#parameter>
                for ::harmony_phases::FailoverTopology<Primary, Replica>
            {
                type Player = #parameter;
                #[inline]
                fn half(&self) -> &#parameter {
                    &self.#field
                }
            }
        }
    }
}

/// The replica first: a failure there leaves the primary as it was.
fn both(role: &Role, method: &Method, primary: &Half, replica: &Half) -> TokenStream {
    let signature = signature::forwarding(method);
    let (name, ident, cfgs) = (&role.name, &method.signature.ident, &method.cfgs);
    let (primary, replica) = (&primary.offers, &replica.offers);
    let first = method.arguments.iter().map(|argument| {
        let given = &argument.name;
        match &argument.ty {
            Type::Reference(_) => quote!(#given),
            // Points at the type of an argument that cannot be given twice.
            owned => quote_spanned!(owned.span()=> ::core::clone::Clone::clone(&#given)),
        }
    });
    let second = method.arguments.iter().map(|argument| &argument.name);
    let ends_on_failure = method.is_fallible().then(|| quote!(?));
    quote! {
        #(#cfgs)*
        #signature {
            ::std::boxed::Box::pin(async move {
                #name::#ident(#replica::half(self) #(, #first)*).await #ends_on_failure;
                #name::#ident(#primary::half(self) #(, #second)*).await
            })
        }
    }
}
