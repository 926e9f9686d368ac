//! Lifts a capability to `Topology<P>`, `&T` and `Arc<T>`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{method::Method, role::Role, signature};

/// The name of the hidden trait that a method call in the wrong phase fails on.
fn offers_name(role: &Role) -> Ident {
    format_ident!("Offers{}", role.name)
}

/// The hidden trait: a bound on the receiver itself is what lets our words reach a method call.
pub(super) fn offers(role: &Role, words: &TokenStream) -> TokenStream {
    let (name, vis, offers) = (&role.name, &role.item.vis, offers_name(role));
    let docs = format!(" What a topology in a phase that grants [`{name}`] implements.");
    quote! {
        #[doc = #docs]
        #[doc(hidden)]
        #words
        #vis trait #offers: ::core::marker::Send + ::core::marker::Sync {
            /// The value that plays the role.
            fn offered(&self) -> &(dyn #name + 'static);
        }
        #[diagnostic::do_not_recommend]
        impl<P: ::harmony_phases::Grants<dyn #name>> #offers for ::harmony_phases::Topology<P> {
            #[inline]
            fn offered(&self) -> &(dyn #name + 'static) {
                ::harmony_phases::Grants::grant(self.phase())
            }
        }
    }
}

/// The lifts.
pub(super) fn of(role: &Role) -> TokenStream {
    let (name, offers) = (&role.name, offers_name(role));
    let supertraits = &role.supertraits;
    let topology = forward_all(role, &quote!(#offers::offered(self)));
    let shared = forward_all(role, &quote!(&**self));
    quote! {
        #[diagnostic::do_not_recommend]
        impl<P: ::harmony_phases::Phase> #name for ::harmony_phases::Topology<P>
        where
            Self: #offers #(+ #supertraits)*,
        {
            #topology
        }
        #[diagnostic::do_not_recommend]
        impl<Shared: #name + ?::core::marker::Sized> #name for &Shared {
            #shared
        }
        #[diagnostic::do_not_recommend]
        impl<Shared: #name + ?::core::marker::Sized> #name for ::std::sync::Arc<Shared> {
            #shared
        }
    }
}

fn forward_all(role: &Role, to: &TokenStream) -> TokenStream {
    role.methods.iter().map(|method| forward(role, method, to)).collect()
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
