//! The compile-fail suite of Harmony, seen from where users stand.
