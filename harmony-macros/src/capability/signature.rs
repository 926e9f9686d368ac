//! The signature async-trait gives a method, written out so that a lift can forward the boxed future.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{
    FnArg, GenericArgument, GenericParam, Lifetime, Receiver, ReceiverKind, ReturnType, Type,
    TypeReference, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::method::Method;

/// The method's signature in an impl that forwards it.
pub(super) fn forwarding(method: &Method) -> TokenStream {
    let mut signature = method.signature.clone();
    for (input, argument) in arguments_mut(&mut signature).zip(&method.arguments) {
        let name = &argument.name;
        *input.pat = parse_quote!(#name);
    }
    if !method.is_async() {
        return quote!(#signature);
    }

    let mut names = Names::default();
    signature.inputs.iter_mut().for_each(|input| names.visit_fn_arg_mut(input));
    let own: Vec<Lifetime> = signature
        .generics
        .params
        .iter_mut()
        .filter_map(|parameter| match parameter {
            GenericParam::Lifetime(own) => Some(own.lifetime.clone()),
            _ => None,
        })
        .collect();
    let elided = names.0;
    let own_params = &signature.generics.params;
    let separator = (!own_params.is_empty() && !own_params.trailing_punct()).then(|| quote!(,));
    let predicates = signature.generics.where_clause.as_ref().map(|clause| &clause.predicates);
    let predicates =
        predicates.map(|predicates| predicates.iter().collect::<Vec<_>>()).unwrap_or_default();
    let (ident, inputs) = (&signature.ident, &signature.inputs);
    let answer = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, answer) => quote!(#answer),
    };
    quote! {
        fn #ident<#own_params #separator #(#elided,)* 'async_trait>(
            #inputs
        ) -> ::harmony_phases::BoxFuture<'async_trait, #answer>
        where
            #(#predicates,)*
            #(#own: 'async_trait,)*
            #(#elided: 'async_trait,)*
            Self: 'async_trait
    }
}

fn arguments_mut(signature: &mut syn::Signature) -> impl Iterator<Item = &mut syn::PatType> {
    signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

/// Gives every elided lifetime a name, in the order async-trait does.
#[derive(Default)]
struct Names(Vec<Lifetime>);

impl Names {
    fn next(&mut self) -> Lifetime {
        let name = format_ident!("life{}", self.0.len());
        let lifetime = Lifetime::new(&format!("'{name}"), Span::call_site());
        self.0.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for Names {
    fn visit_receiver_mut(&mut self, receiver: &mut Receiver) {
        if let ReceiverKind::Reference(_, lifetime, _) = &mut receiver.kind {
            lifetime.get_or_insert_with(|| self.next());
        }
    }

    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        ty.lifetime.get_or_insert_with(|| self.next());
        visit_mut::visit_type_reference_mut(self, ty);
    }

    fn visit_generic_argument_mut(&mut self, argument: &mut GenericArgument) {
        if let GenericArgument::Lifetime(lifetime) = argument
            && lifetime.ident == "_"
        {
            *lifetime = self.next();
        }
        visit_mut::visit_generic_argument_mut(self, argument);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
    }
}
