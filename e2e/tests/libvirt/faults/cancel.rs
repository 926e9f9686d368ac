//! A run that the operator ends in the middle.

use anyhow::Result;
use harmony_phases::Context;
use harmony_phases::context::{EffectOutcome, EffectRecorder};
use harmony_phases::pipeline::Cause;
use harmony_providers::libvirt::ConnectOptions;
use tokio_util::sync::CancellationToken;

use super::lab::{ISO_BYTES, Lab, on};
use super::sinks::{Moment, Strike, done_twice, happened};
use super::wire::Wire;
use e2e::torture;

/// Cancelled while effect 4 is under way: the effect is finished and recorded, no other begins,
/// and the next run does the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_keeps_its_record_and_the_next_one_completes() -> Result<()> {
    let lab = Lab::shared()?;
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    let (sink, seen) = Strike::new(4, Moment::After, move |_| {
        token.cancel();
        Ok(())
    });
    let ctx = Context::builder(lab.site_name()).effects(sink).cancellation(cancel).build();
    let libvirt = lab.connect().await?;
    let stopped = lab.site().execute(&ctx, on(&libvirt)).await.unwrap_err();

    assert!(matches!(stopped.cause, Cause::Cancelled), "{stopped:?}");
    assert_eq!(
        stopped.to_string(),
        format!("stopped at `{}`: cancelled; run again to go on from here", stopped.at)
    );
    let effects = seen.effects();
    assert_eq!(effects.len(), 5, "no effect began after the cancellation: {effects:?}");
    assert!(effects.iter().all(|it| it.outcome == Some(EffectOutcome::Done)), "{effects:?}");
    let told = stopped.completed.len() + stopped.effects.len();
    assert!(told > 0, "{stopped:?}");
    let of_this_step = |it: &&harmony_phases::context::RecordedEffect| {
        it.effect.step.as_ref() == Some(&stopped.at)
    };
    assert_eq!(
        stopped.effects.len(),
        effects.iter().filter(of_this_step).count(),
        "what the step itself had done"
    );

    let second = lab.converges().await?;
    let (first, second) = (happened(&seen), happened(&second));
    let again = done_twice(&first, &second);
    assert!(again.is_empty(), "done twice: {again:?}");
    Ok(())
}

/// Cancelled between two pieces of an upload: the upload ends there, the volume is known to be
/// incomplete, and the next run fills it from its beginning.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_cancelled_between_two_pieces_is_never_taken_for_complete() -> Result<()> {
    let lab = Lab::shared()?;
    let wire = Wire::before(&lab.daemon(), lab.files().join("wire"))?;
    let (cancel, seen) = (CancellationToken::new(), EffectRecorder::default());
    let ctx = Context::builder(lab.site_name())
        .effects(seen.clone())
        .cancellation(cancel.clone())
        .build();
    wire.when_sent(ISO_BYTES / 2, move || cancel.cancel());
    let libvirt = lab.connect_with(ConnectOptions::new(wire.uri())).await?;
    let stopped = lab.site().execute(&ctx, on(&libvirt)).await.unwrap_err();
    assert!(matches!(stopped.cause, Cause::Cancelled), "{stopped:?}");
    let last = seen.effects().pop().unwrap();
    assert_eq!(last.effect.intent.action, "fill volume", "the upload was the last effect");
    super::upload::is_known_to_be_incomplete(&lab, &libvirt).await?;
    lab.converges().await?;
    torture::row("upload cut", "cancelled between two pieces", "found; made whole by the next run");
    Ok(())
}
