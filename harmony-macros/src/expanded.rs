//! What the tests look at: an expansion as text, or the faults found.

use proc_macro2::TokenStream;
use syn::Result;

/// The expansion, formatted as a person would write it.
pub(crate) fn pretty(expansion: Result<TokenStream>) -> String {
    let tokens = expansion.expect("the input is fine");
    prettyplease::unparse(&syn::parse2(tokens).expect("the expansion parses"))
}

/// Every fault of an input that must be refused.
pub(crate) fn faults(expansion: Result<TokenStream>) -> Vec<String> {
    let fault = expansion.expect_err("the input must be refused");
    fault.into_iter().map(|fault| fault.to_string()).collect()
}
