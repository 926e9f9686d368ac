//! Providers of Harmony: the products that play the roles, and the phase modules.
