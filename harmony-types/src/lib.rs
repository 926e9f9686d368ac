//! Value types of Harmony whose parsers are needed at compile time too.
