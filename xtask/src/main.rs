//! The chores of the Harmony repository.

fn main() {}
