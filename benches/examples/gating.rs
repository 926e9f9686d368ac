//! A capability call through the topology, and the same call on the granted object: their
//! assembly is compared by the `gating` section.

use std::{hint::black_box, pin::Pin};

use harmony_phases::{Topology, capability, phases};

/// Something small enough for its assembly to be read.
#[capability(failover = primary)]
pub trait Echo: std::fmt::Debug + Send + Sync {
    /// Answers with what it was asked.
    async fn echo(&self, text: &str) -> usize;
}

/// Plays the role.
#[derive(Debug)]
pub struct Loud(usize);

#[async_trait::async_trait]
impl Echo for Loud {
    async fn echo(&self, text: &str) -> usize {
        text.len() + self.0
    }
}

/// One phase that grants it.
#[phases(any = AnyRoom)]
pub mod room {
    use super::{Echo, Loud};

    /// Grants the echo.
    #[derive(Debug)]
    #[resting]
    pub struct Ready {
        #[grants(Echo)]
        pub(super) loud: Loud,
    }
}
use room::Ready;

type Answer<'a> = Pin<Box<dyn Future<Output = usize> + Send + 'a>>;

/// On the granted object.
#[inline(never)]
pub fn direct_call<'a>(on: &'a Topology<Ready>, text: &'a str) -> Answer<'a> {
    on.phase().loud.echo(text)
}

/// Through the topology.
#[inline(never)]
pub fn gated_call<'a>(on: &'a Topology<Ready>, text: &'a str) -> Answer<'a> {
    on.echo(text)
}

fn main() {
    let on = Topology::new("room", Ready { loud: Loud(3) });
    drop(black_box(direct_call(black_box(&on), "a")));
    drop(black_box(gated_call(black_box(&on), "b")));
}
