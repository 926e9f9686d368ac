//! The words the compiler uses where a capability is missing.

use proc_macro2::TokenStream;
use quote::quote;

/// The attribute for the trait and for its hidden twin.
pub(super) fn on_unimplemented(name: &str) -> TokenStream {
    let message = format!("`{{Self}}` does not offer the `{name}` capability");
    let label = format!("needs `{name}`");
    let note = format!(
        "a topology offers `{name}` from the phase on that grants it: insert the transition that leads there before this step",
    );
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
    }
}
