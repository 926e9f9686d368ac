//! What is possible in which phase of the shipped phase modules.
//!
//! A package of its own, so that the cases in `ui-tests` are compiled without the providers.
#![forbid(unsafe_code)]
