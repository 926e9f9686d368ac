//! One command in one session.

mod collect;
mod deny;
mod end;
mod feed;
mod gate;
mod held;
mod line;
mod run;

pub(in crate::ssh) use deny::not_begun;
pub(in crate::ssh) use end::end;
pub(in crate::ssh) use held::Held;
pub(in crate::ssh) use line::{Prepared, Root, Unsayable};
pub(in crate::ssh) use run::{Failure, Job, Reason};
