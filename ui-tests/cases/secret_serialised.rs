//! E0277: the trait bound `Secret<String>: Serialize` is not satisfied
//!
//! Why: Plans, events and journals are serialised and kept. A score that held a secret would write
//! it down.
//!
//! Fix: Hold a `SecretRef` in the score and resolve it through the context when the score executes.
use harmony_phases::{Secret, SecretRef};

pub fn keep(reference: &SecretRef, secret: &Secret<String>) -> serde_json::Result<serde_json::Value> {
    let _ = (reference, secret);
    //~ good: serde_json::to_value(reference)
    serde_json::to_value(secret)
}

fn main() {}
