use quote::quote;

use super::expand;
use crate::expanded::{faults, pretty};

#[test]
fn a_pair_asks_its_primary() {
    let role = quote! {
        /// Hands out addresses.
        pub trait DhcpServer: Send + Sync {
            /// The address of `mac`.
            async fn lease(&self, mac: &MacAddress) -> Result<Option<IpAddr>, DhcpError>;
            /// Releases.
            async fn release(&self, ctx: &Context, _mac: &MacAddress) -> Result<(), DhcpError> {
                Ok(())
            }
            /// The product.
            fn product(&self) -> &str;
        }
    };
    insta::assert_snapshot!(pretty(expand(quote!(), role)));
}

#[test]
fn commands_go_to_both_halves() {
    let role = quote! {
        pub trait DnsServer: Named {
            async fn publish(&self, ctx: &Context, name: Hostname, ip: IpAddr) -> Result<Record, DnsError>;
            async fn resolve(&self, name: &Hostname) -> Result<Option<IpAddr>, DnsError>;
            #[failover(primary)]
            async fn flush(&self, ctx: &Context) -> Result<(), DnsError>;
            async fn nudge(&self);
        }
    };
    insta::assert_snapshot!(pretty(expand(quote!(failover = both), role)));
}

#[test]
fn a_manual_orchestration_is_left_to_the_author() {
    let role = quote!(
        pub trait Hypervisor {
            async fn start<'a>(&self, vm: &'a str, with: Option<Cow<'_, str>>) -> Started<'a>;
        }
    );
    insta::assert_snapshot!(pretty(expand(quote!(failover = manual), role)));
}

#[track_caller]
fn refuses(attribute: &str, role: &str, words: &str) {
    let [attribute, role] = [attribute, role].map(|text| text.parse().expect("Rust tokens"));
    let faults = faults(expand(attribute, role));
    assert!(faults.iter().any(|fault| fault.contains(words)), "{faults:#?} lack `{words}`");
}

#[test]
fn options() {
    let role = "pub trait A { async fn f(&self) -> u8; }";
    refuses("failover = replica", role, "a pair asks its `primary`");
    refuses("mode = both", role, "one option");
    refuses("failover = both, failover = both", role, "twice");
    let role = "pub trait A { #[failover(primary)] async fn f(&self) -> u8; }";
    refuses("failover = manual", role, "is `manual`");
    let role = "pub trait A { #[failover(manual)] async fn f(&self) -> u8; }";
    refuses("", role, "write `#[failover(primary)]`");
}

#[test]
fn a_query_never_goes_to_both() {
    let role = "pub trait A { #[failover(both)] async fn f(&self) -> Result<u8, E>; }";
    refuses("", role, "a query never goes to both halves");
    let role = "pub trait A { #[failover(both)] fn f(&self, ctx: &Context); }";
    refuses("", role, "is not async");
    let role = "pub trait A { async fn f(&self, ctx: &Context, x: &mut u8); }";
    refuses("failover = both", role, "lent for change");
}

#[test]
fn what_dyn_cannot_have() {
    refuses("", "pub struct A;", "stands on a trait");
    refuses("", "pub trait A<T> {}", "no parameters");
    refuses("", "pub trait A { type B; }", "`dyn A`");
    refuses("", "pub trait A { const B: u8; }", "no constants");
    refuses("", "pub trait A { async fn f<T>(&self, x: T); }", "type parameter");
    refuses("", "pub trait A { async fn f(&self, x: impl B); }", "hidden type parameter");
    refuses("", "pub trait A { async fn f(&mut self); }", "takes `&self`");
    refuses("", "pub trait A { async fn f(); }", "takes `&self`");
    refuses("", "pub trait A { async fn f(&self, (a, b): (u8, u8)) {} }", "a name");
    refuses("", "pub trait A: 'static { async fn f(&self); }", "a lifetime");
}
