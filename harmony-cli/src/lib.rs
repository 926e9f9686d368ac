//! plan, apply and destroy for any Harmony pipeline.
