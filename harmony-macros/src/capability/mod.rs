//! `#[capability]`: from a trait to a role that topologies offer.

mod failover;
mod lifts;
mod messages;
mod method;
mod options;
mod role;
mod signature;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Result;

/// Expands `#[capability(attribute)] item`.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mode = options::failover(attribute)?;
    let role = role::read(item, mode)?;

    let declared = &role.item;
    let words = messages::missing(&role.name.to_string());
    let lifts = lifts::of(&role);
    let pair = failover::of(&role);
    Ok(quote! {
        #words
        #[::harmony_phases::__private::async_trait]
        #declared
        #lifts
        #pair
    })
}

#[cfg(test)]
mod tests;
