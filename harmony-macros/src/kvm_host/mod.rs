//! `kvm_host!`: an address in the source, read while it compiles by the parser that reads addresses at run time.

use harmony_types::KvmHostAddress;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result, parse2};

/// Expands `kvm_host!("text")` to an expression of type `KvmHostAddress`.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let text: LitStr = parse2(input).map_err(|error| {
        let what = "`kvm_host!` takes one text, such as \"root@h1.example:22\": \
                    what is only known at run time is read by `text.parse::<KvmHostAddress>()?`";
        Error::new(error.span(), what)
    })?;
    check(&text.value()).map_err(|why| Error::new(text.span(), why))?;
    Ok(quote! {
        match <::harmony_providers::kvm_host::KvmHostAddress as ::core::str::FromStr>::from_str(#text) {
            ::core::result::Result::Ok(address) => address,
            ::core::result::Result::Err(error) => ::core::panic!("the compiler took it: {error}"),
        }
    })
}

/// Reads an address; a refusal is a sentence, the text, and carets under the part that is wrong.
///
/// Stable Rust cannot point into a literal, so the carets are part of the message.
fn check(text: &str) -> std::result::Result<KvmHostAddress, String> {
    text.parse().map_err(|error: harmony_types::AddressError| {
        format!("no address of a host: {}\n\n{}", error.problem(), error.underlined())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(input: TokenStream) -> String {
        expand(input).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_part_has_carets_under_it() {
        let said = refusal(quote!("root@h1.example:0"));
        let expected = "no address of a host: the port must lie between 1 and 65535\n\n\
                        root@h1.example:0\n                ^";
        assert_eq!(said, expected);
    }

    #[test]
    fn one_text_is_needed() {
        assert!(refusal(quote!(address)).contains("parse::<KvmHostAddress>()"));
        assert!(refusal(quote!()).contains("takes one text"));
        assert!(refusal(quote!("h1", "h2")).contains("takes one text"));
    }

    #[test]
    fn what_is_expanded_names_the_text_as_it_was_given() {
        let expanded = expand(quote!(r"root@h1")).unwrap().to_string();
        assert!(expanded.contains(r#"r"root@h1""#), "{expanded}");
    }

    fn near_an_address() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "(ssh://)?[a-z:]{0,5}@?(here|h1|h_1|10\\.0\\.0\\.1|\\[::1\\]|::1)?:?[0-9]{0,6}/?",
        ]
    }

    proptest! {
        #[test]
        fn the_compiler_takes_what_a_program_takes(text in near_an_address()) {
            let at_run_time = text.parse::<KvmHostAddress>();
            let literal = proc_macro2::Literal::string(&text);
            match (expand(quote!(#literal)), at_run_time) {
                (Ok(_), Ok(_)) => {}
                (Err(said), Err(error)) => {
                    prop_assert!(said.to_string().contains(&error.problem().to_string()));
                }
                (compiled, read) => prop_assert!(false, "{compiled:?} but {read:?}"),
            }
        }
    }
}
