use quote::quote;

use super::expand;
use crate::expanded::faults;

#[test]
fn one_cell() {
    let input = quote! {
        rows: Topology<site::Ready>;
        capabilities: DhcpServer;
        reached: Ready;
    };
    let expansion = expand(input).expect("the input is fine");
    let file = syn::parse2(quote!(fn table() -> String { #expansion })).expect("it parses");
    insta::assert_snapshot!(prettyplease::unparse(&file));
}

#[test]
fn faults_are_named() {
    assert!(faults(expand(quote!(capabilities: A;)))[0].contains("needs `rows:`"));
    assert!(faults(expand(quote!(rows: A; columns: B;)))[0].contains("a matrix has"));
    assert!(faults(expand(quote!(rows: A; reached: ;)))[0].contains("lists nothing"));
}
