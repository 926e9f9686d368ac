//! The probe of one cell, and the function that writes the tables.

use proc_macro2::TokenStream;
use quote::quote;

use super::input::{Named, Relation};

/// A constant expression: whether `column` holds for `row`.
///
/// An inherent constant under the bound hides the constant of a trait that always applies, so the
/// name resolves to `true` exactly where the bound holds.
pub(super) fn holds(row: &Named, relation: Relation, column: &Named) -> TokenStream {
    let (row, column) = (&row.ty, &column.ty);
    let (subject, bound) = match relation {
        Relation::Capability => (quote!(#row), quote!(#column)),
        Relation::Transition => (quote!(#column), quote!(::harmony_phases::Transition<#row>)),
        Relation::Reached => (quote!(#row), quote!(HasReached<#column>)),
    };
    quote! {{
        #[allow(dead_code)]
        struct Probe<Subject: ?::core::marker::Sized>(::core::marker::PhantomData<Subject>);
        #[allow(dead_code)]
        trait Otherwise {
            const HOLDS: bool = false;
        }
        impl<Subject: ?::core::marker::Sized> Otherwise for Probe<Subject> {}
        #[allow(dead_code)]
        impl<Subject: ?::core::marker::Sized + #bound> Probe<Subject> {
            const HOLDS: bool = true;
        }
        <Probe<#subject>>::HOLDS
    }}
}

/// The relation of a topology, or of both halves of a pair, to a phase that was reached.
pub(super) fn has_reached() -> TokenStream {
    quote! {
        #[allow(dead_code)]
        trait HasReached<Earlier> {}
        impl<P, Earlier> HasReached<Earlier> for ::harmony_phases::Topology<P>
        where
            P: ::harmony_phases::Reached<Earlier>,
            Earlier: ::harmony_phases::Phase,
        {
        }
        impl<Primary, Replica, Earlier> HasReached<Earlier>
            for ::harmony_phases::FailoverTopology<Primary, Replica>
        where
            Primary: HasReached<Earlier>,
            Replica: HasReached<Earlier>,
        {
        }
    }
}

/// The function that writes the tables, local to the expression.
pub(super) fn render() -> TokenStream {
    quote! {
        fn render(tables: &[(&str, &[&str], &[(&str, &[bool])])]) -> ::std::string::String {
            let mut text = ::std::string::String::new();
            for (title, columns, rows) in tables {
                let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(title.len());
                let _ = ::core::fmt::Write::write_fmt(
                    &mut text,
                    ::core::format_args!("{title:<width$}"),
                );
                for column in *columns {
                    let _ = ::core::fmt::Write::write_fmt(&mut text, ::core::format_args!("  {column}"));
                }
                text.push('\n');
                for (name, cells) in *rows {
                    let mut line = ::std::format!("{name:<width$}");
                    for (column, holds) in columns.iter().zip(*cells) {
                        let cell = if *holds { "yes" } else { "-" };
                        line.push_str(&::std::format!("  {cell:<width$}", width = column.len()));
                    }
                    text.push_str(line.trim_end());
                    text.push('\n');
                }
                text.push('\n');
            }
            ::std::string::String::from(text.trim_end()) + "\n"
        }
    }
}
