//! Lifts a capability to `Topology<P>`, `&T` and `Arc<T>`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{messages, method::Method, role::Role, signature};

/// The lifts, and the hidden trait they stand on.
///
/// A method call in the wrong phase shows our words only if what is missing is a bound on the
/// receiver itself, and the same one for all receivers: hence `Self: Offers…` everywhere. The compiler
/// must get down to that bound, so only the impls of the hidden trait are `do_not_recommend`: then it
/// lists no other types.
pub(super) fn of(role: &Role) -> TokenStream {
    let (name, offers) = (&role.name, offers_name(role));
    let declared = declare_offers(role, &offers);
    let impls = implement_offers(role, &offers);
    let methods: TokenStream = role
        .methods
        .iter()
        .map(|method| forward(role, method, &quote!(#offers::offered(self))))
        .collect();
    quote! {
        #declared
        #impls
        impl<P: ::harmony_phases::Phase> #name for ::harmony_phases::Topology<P>
        where
            Self: #offers,
        {
            #methods
        }
        impl<Shared: ?::core::marker::Sized> #name for &Shared
        where
            Self: #offers,
        {
            #methods
        }
        impl<Shared: ?::core::marker::Sized> #name for ::std::sync::Arc<Shared>
        where
            Self: #offers,
        {
            #methods
        }
    }
}

fn offers_name(role: &Role) -> Ident {
    format_ident!("Offers{}", role.name)
}

fn declare_offers(role: &Role, offers: &Ident) -> TokenStream {
    let (name, vis, supertraits) = (&role.name, &role.item.vis, &role.item.supertraits);
    let words = messages::missing(&name.to_string());
    let docs = format!(" What has a [`{name}`] to hand its calls to.");
    quote! {
        #[doc = #docs]
        #[doc(hidden)]
        #words
        #vis trait #offers: #supertraits {
            /// What plays the role.
            type Player: #name + ?::core::marker::Sized;
            /// The value that plays the role.
            fn offered(&self) -> &Self::Player;
        }
    }
}

fn implement_offers(role: &Role, offers: &Ident) -> TokenStream {
    let (name, supertraits) = (&role.name, &role.supertraits);
    let extra = (!supertraits.is_empty()).then(|| quote!(where Self: #(#supertraits)+*));
    quote! {
        #[diagnostic::do_not_recommend]
        impl<P: ::harmony_phases::Grants<dyn #name>> #offers for ::harmony_phases::Topology<P>
        #extra
        {
            type Player = dyn #name;
            #[inline]
            fn offered(&self) -> &(dyn #name + 'static) {
                ::harmony_phases::Grants::grant(self.phase())
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Shared: #name + ?::core::marker::Sized> #offers for &Shared {
            type Player = Shared;
            #[inline]
            fn offered(&self) -> &Shared {
                self
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Shared: #name + ?::core::marker::Sized> #offers for ::std::sync::Arc<Shared> {
            type Player = Shared;
            #[inline]
            fn offered(&self) -> &Shared {
                self
            }
        }
    }
}

/// One method that hands out what the same method of `to` returns.
pub(super) fn forward(role: &Role, method: &Method, to: &TokenStream) -> TokenStream {
    let signature = signature::forwarding(method);
    let (name, ident, cfgs) = (&role.name, &method.signature.ident, &method.cfgs);
    let arguments = method.arguments.iter().map(|argument| &argument.name);
    quote! {
        #(#cfgs)*
        #[inline]
        #signature {
            #name::#ident(#to #(, #arguments)*)
        }
    }
}
