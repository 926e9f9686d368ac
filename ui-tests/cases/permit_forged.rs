//! E0423: cannot initialize a tuple struct which contains private fields
//!
//! Why: A provider's changing calls ask for a `Permit`, and only `Context::effect` makes one: that
//! is where intents are recorded, cancellation acts, and tests see that nothing happens outside. A
//! permit that anyone can write would be a way around all of it.
//!
//! Fix: Do the work inside `ctx.effect(intent, |permit| ..)` and hand its permit on.
use harmony_phases::{Context, Intent, Permit, context::EffectError};

fn write(_: &Permit) {}

pub async fn act(ctx: &Context) -> Result<(), EffectError> {
    let intent = Intent::new("write", "a file");
    //~ good: ctx.effect(intent, async |permit| Ok(write(&permit))).await
    { write(&Permit(())); Ok(()) }
}

fn main() {}
