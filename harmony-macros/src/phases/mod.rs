//! `#[phases]`: from a module of plain structs to a phase graph.

mod any;
mod closure;
mod field;
mod graph;
mod impls;
mod model;
mod parse;
mod table;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, ItemMod, Result, parse_quote};

/// Expands `#[phases(attribute)] item`.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let any = parse::options(attribute, &item)?;
    let mut module: ItemMod = parse::module(item)?;
    let graph = parse::graph(&mut module, any)?;
    let closures = closure::of(&graph)?;

    let written = [impls::of(&graph, &closures), any::of(&graph), graph::of(&graph, &closures)];
    let docs = table::of(&graph, &closures);
    module.attrs.push(parse_quote!(#![doc = #docs]));
    if let Some((_, items)) = &mut module.content {
        items.extend(written.into_iter().map(Item::Verbatim));
    }
    Ok(quote!(#module))
}

#[cfg(test)]
mod tests;
