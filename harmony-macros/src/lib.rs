//! #[phases] and #[capability]: the attribute macros of Harmony.
