//! The typestate core of Harmony: a system's phase is part of its type.
