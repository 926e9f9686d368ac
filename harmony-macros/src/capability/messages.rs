//! The words the compiler uses where a capability is missing.

use proc_macro2::TokenStream;
use quote::quote;

/// A topology, or anything else, that does not offer the capability.
pub(super) fn missing(name: &str) -> TokenStream {
    on_unimplemented(
        name,
        &format!("`{{Self}}` does not offer the `{name}` capability"),
        &format!(
            "a topology offers `{name}` from the phase on that grants it: insert the transition that leads there before this step"
        ),
    )
}

/// A pair, one half of which does not offer the capability.
pub(super) fn missing_in_half(name: &str, half: &str) -> TokenStream {
    on_unimplemented(
        name,
        &format!("the {half} of this pair, `{{Half}}`, does not offer the `{name}` capability"),
        &format!("take the {half} to a phase that grants `{name}` before this step"),
    )
}

fn on_unimplemented(name: &str, message: &str, note: &str) -> TokenStream {
    let label = format!("needs `{name}`");
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
    }
}
