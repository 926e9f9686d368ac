use quote::quote;

use super::expand;
use crate::expanded::{faults, pretty};

#[test]
fn a_chain_with_a_diamond() {
    let module = quote! {
        /// A site that becomes a cluster.
        pub mod site {
            use super::*;
            /// Nothing is known yet.
            #[start]
            pub struct Declared { pub address: IpAddr }
            /// The network answers.
            #[resting]
            pub struct NetworkReady { #[grants(DhcpServer, net::DnsServer)] gateway: Gateway }
            /// A bootstrap node runs.
            #[transient]
            pub struct Bootstrapping { #[carries] network: NetworkReady, bootstrap: Vm }
            /// The cluster answers.
            #[resting]
            #[derive(Clone, Debug)]
            pub struct ClusterReady {
                #[carries] network: NetworkReady,
                #[grants(K8sClient)] pub(super) kube: Kube,
            }
        }
    };
    insta::assert_snapshot!(pretty(expand(quote!(any = AnySite), module)));
}

#[test]
fn carries_across_modules() {
    let module = quote! {
        pub mod cluster {
            #[resting] pub struct Joined { #[carries] site: super::site::ClusterReady, id: Id }
            #[resting] pub struct Labelled { #[carries] joined: Joined, labels: Labels }
            #[resting]
            pub struct Stored {
                #[carries(reaches(site::NetworkReady), grants(K8sClient))] site: site::ClusterReady,
                #[grants(ObjectStore)] ceph: Ceph,
            }
        }
    };
    insta::assert_snapshot!(pretty(expand(quote!(any = AnyCluster), module)));
}

#[track_caller]
fn refuses(module: &str, words: &str) {
    let module = module.parse().expect("the test's input is Rust");
    let faults = faults(expand(quote!(any = AnySite), module));
    assert!(faults.iter().any(|fault| fault.contains(words)), "{faults:#?} lack `{words}`");
}

/// A module with these phases.
#[track_caller]
fn refuses_in_site(phases: &str, words: &str) {
    refuses(&format!("pub mod site {{ {phases} }}"), words);
}

#[test]
fn every_fault_is_reported_at_once() {
    let module = quote! { pub mod site {
        #[resting] pub struct A { pub a: u8 }
        #[resting] struct B { b: u8 }
        #[resting] pub struct C;
    } };
    assert_eq!(faults(expand(quote!(any = AnySite), module)).len(), 3);
}

#[test]
fn options() {
    let module = quote! { pub mod okd_site { #[resting] pub struct A { a: u8 } } };
    let without = faults(expand(quote!(), module.clone()));
    assert!(without[0].contains("#[phases(any = AnyOkdSite)]"), "{without:?}");
    assert_eq!(faults(expand(quote!(all = X), module)).len(), 1);
}

#[test]
fn a_phase_that_could_be_forged() {
    refuses_in_site("#[resting] pub struct A { pub a: u8 }", "evidence stays private");
    refuses_in_site("#[transient] pub struct A;", "anyone could write `A`");
    refuses_in_site("#[resting] pub struct A();", "anyone could write `A`");
}

#[test]
fn a_start_that_claims_something() {
    refuses_in_site("#[start] pub struct A { #[grants(C)] a: u8 }", "it proves nothing");
    refuses_in_site("#[start] pub struct A; #[start] pub struct B;", "one honest beginning");
}

#[test]
fn a_role_with_two_players() {
    refuses_in_site(
        "#[resting] pub struct A { #[grants(C)] a: u8 }
         #[resting] pub struct B { #[carries] a: A, #[grants(C)] b: u8 }",
        "`C` is granted already: this phase carries `A`",
    );
    refuses_in_site(
        "#[resting] pub struct A { #[grants(C)] a: u8 }
         #[resting] pub struct B { #[grants(C)] b: u8 }
         #[resting] pub struct D { #[carries] a: A, #[carries] b: B }",
        "two carried phases grant `C`",
    );
    refuses_in_site(
        "#[resting] pub struct A { #[grants(C)] a: u8, #[grants(C)] b: u8 }",
        "granted twice",
    );
}

#[test]
fn carries_that_would_collide() {
    refuses_in_site(
        "#[resting] pub struct A { #[carries] a: x::P, #[carries] b: y::Q }",
        "`A` already carries `P`",
    );
    refuses_in_site(
        "#[resting] pub struct A { #[carries] a: x::P, #[grants(C)] b: u8 }",
        "and also grants `C`",
    );
    refuses_in_site(
        "#[resting] pub struct A { #[carries] a: x::P, #[carries(reaches(z::R))] b: y::Q }",
        "a phase of another module",
    );
    refuses_in_site(
        "#[resting] pub struct A { a: u8 }
         #[resting] pub struct B { #[carries(reaches())] a: A }",
        "write just `#[carries]`",
    );
}

#[test]
fn a_phase_inside_itself() {
    refuses_in_site(
        "#[resting] pub struct A { #[carries] b: B }
         #[resting] pub struct B { #[carries] a: A }",
        "would carry itself",
    );
}

#[test]
fn attributes_in_the_wrong_place() {
    refuses("pub struct A;", "stands on a module");
    refuses("pub mod site;", "must see the structs");
    refuses_in_site("", "no phase in here");
    refuses_in_site("#[resting] pub enum A { B }", "a phase is a struct");
    refuses_in_site("pub struct A { #[carries] b: B }", "`A` is not a phase yet");
    refuses_in_site("#[resting] #[transient] pub struct A { a: u8 }", "a phase is one of");
    refuses_in_site("#[resting] pub struct A<T> { a: T }", "no parameters");
    refuses_in_site("#[cfg(unix)] #[resting] pub struct A { a: u8 }", "cannot be conditional");
    refuses_in_site("#[resting] pub struct A { #[carries] b: Option<B> }", "not an `Option`");
    refuses_in_site("#[resting] pub struct A { #[grants(C)] b: Option<B> }", "without `Option`");
    refuses_in_site("#[resting] pub struct A { #[grants] b: B }", "name the capabilities");
}
