//! `phase_matrix!`: which cells of a table hold, decided by the compiler.

mod input;
mod probe;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Result, parse2};

use self::input::Matrix;

/// Expands `phase_matrix! { input }` to an expression of type `String`.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let matrix: Matrix = parse2(input)?;
    let tables = matrix.groups.iter().map(|group| {
        let title = group.relation.title();
        let columns = group.columns.iter().map(|column| column.name.as_str());
        let rows = matrix.rows.iter().map(|row| {
            let name = &row.name;
            let cells =
                group.columns.iter().map(|column| probe::holds(row, group.relation, column));
            quote!((#name, &[#(#cells),*]))
        });
        quote!((#title, &[#(#columns),*], &[#(#rows),*]))
    });
    let (has_reached, render) = (probe::has_reached(), probe::render());
    Ok(quote! {{
        #has_reached
        #render
        const TABLES: &[(&str, &[&str], &[(&str, &[bool])])] = &[#(#tables),*];
        render(TABLES)
    }})
}

#[cfg(test)]
mod tests;
