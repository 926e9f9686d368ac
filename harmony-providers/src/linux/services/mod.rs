//! Services, by systemd.

mod act;
mod role;
mod states;
mod time;

pub(in crate::linux) use states::Units;
