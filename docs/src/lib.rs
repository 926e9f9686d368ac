//! Compiles every Rust block of the book.
