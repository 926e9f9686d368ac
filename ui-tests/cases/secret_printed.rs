//! E0277: `Secret<String>` doesn't implement `std::fmt::Display`
//! At most 20 lines.
//!
//! Why: What is printed ends up in logs, and what is in logs is no secret. A `Secret` prints as
//! `Secret(..)` with `{:?}` and not at all with `{}`.
//!
//! Fix: Print the `SecretRef` instead, which says where the secret is; hand the content over with
//! `expose` at the one place that needs it.
use harmony_phases::Secret;

fn main() {
    let token = Secret::new("hunter2".to_owned());
    //~ good: println!("token: {token:?}");
    println!("token: {token}");
}
