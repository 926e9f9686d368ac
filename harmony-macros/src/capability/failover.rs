//! Lifts a capability to a pair, unless its orchestration is written by hand.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::{
    lifts,
    method::Method,
    options::{Halves, Mode},
    role::Role,
    signature,
};

/// The lift to `FailoverTopology`.
pub(super) fn of(role: &Role) -> TokenStream {
    if role.mode == Mode::Manual {
        return TokenStream::new();
    }
    let (name, supertraits) = (&role.name, &role.supertraits);
    let needs_replica = role.methods.iter().any(|method| method.halves == Halves::Both);
    let replica = if needs_replica {
        quote!(#name)
    } else {
        quote!(::core::fmt::Debug + ::core::marker::Send + ::core::marker::Sync)
    };
    let extra = (!supertraits.is_empty()).then(|| quote!(where Self: #(#supertraits)+*));
    let methods = role.methods.iter().map(|method| match method.halves {
        Halves::Both => both(role, method),
        Halves::Primary => lifts::forward(role, method, &quote!(&self.primary)),
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl<Primary: #name, Replica: #replica> #name for ::harmony_phases::FailoverTopology<Primary, Replica>
        #extra
        {
            #(#methods)*
        }
    }
}

/// The replica first: a failure there leaves the primary as it was.
fn both(role: &Role, method: &Method) -> TokenStream {
    let signature = signature::forwarding(method);
    let (name, ident, cfgs) = (&role.name, &method.signature.ident, &method.cfgs);
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
                #name::#ident(&self.replica #(, #first)*).await #ends_on_failure;
                #name::#ident(&self.primary #(, #second)*).await
            })
        }
    }
}
