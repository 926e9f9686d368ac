//! Tests of Harmony against real servers, and the harness that starts them.
