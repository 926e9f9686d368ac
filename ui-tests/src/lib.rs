//! The compile-fail suite of Harmony, seen from where users stand.
//!
//! - `tests/matrix.rs`: what is possible in which phase, decided by the compiler and compared with the
//!   tables in `tables/`.
//! - `tests/cases.rs`: one program for each kind of mistake in `cases/`. It must not compile, its first
//!   error must say the sentence on its first line, and it must compile with one line replaced.
//! - `tests/pages.rs`: the pages in `docs/src/errors` show what the compiler really says.
//! - `src/bin/mutants.rs`: takes one gate out at a time, by the patches in `mutants/`, in a copy of the
//!   workspace; the suite must notice each.
//!
//! [`sample`] is the site the cases are about; [`suite`] is what the tests share.
#![forbid(unsafe_code)]

pub mod mutation;
pub mod sample;
pub mod suite;
