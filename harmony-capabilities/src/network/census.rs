//! What carries a site's mark on its network services: one census for each kind of thing.

use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, InterpretError, Outcome,
    ownership::{Census, Orphan},
};

use super::{
    DhcpServer, DnsRecord, DnsServer, Frontend, LoadBalancer, Marked, Reservation, StoredFile,
    TftpServer,
};
use crate::keeping::Item;

/// Counts the reservations of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReservationCensus;

/// Counts the DNS records of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordCensus;

/// Counts the files of a site on its TFTP server.
#[derive(Clone, Copy, Debug, Default)]
pub struct TftpFileCensus;

/// Counts the frontends of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrontendCensus;

/// Writes a census of what `$list` lists, which `$remove` removes.
macro_rules! census {
    ($census:ident counts $what:literal on $role:ident by $list:ident, |$on:ident, $ctx:ident, $item:ident: $type:ty| $remove:expr) => {
        #[async_trait]
        impl<T: $role> Census<T> for $census {
            fn counts(&self) -> &'static str {
                $what
            }

            async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
                Ok(ours(ctx, on.$list().await?))
            }

            async fn remove(
                &self,
                $ctx: &Context,
                $on: &T,
                orphan: &Orphan,
            ) -> Result<Outcome, InterpretError> {
                let kept: Vec<Marked<$type>> = $on.$list().await?;
                // Looked at again: only what still carries the very mark is removed.
                let found = kept.into_iter().find(|kept| {
                    claim(&kept.item) == orphan.claim && kept.mark.as_ref() == Some(&orphan.mark)
                });
                let Some(Marked { item: $item, .. }) = found else {
                    return Ok(Outcome::noop("is not there any more"));
                };
                $remove.await?;
                Ok(Outcome::success("removed").detail($item.to_string()))
            }
        }
    };
}

census!(ReservationCensus counts "reservations" on DhcpServer by reservations,
    |on, ctx, item: Reservation| on.release(ctx, item.mac()));
census!(RecordCensus counts "DNS records" on DnsServer by records,
    |on, ctx, item: DnsRecord| on.withdraw(ctx, item.name(), item.kind()));
census!(TftpFileCensus counts "TFTP files" on TftpServer by files,
    |on, ctx, item: StoredFile| on.remove(ctx, &item.path));
census!(FrontendCensus counts "frontends" on LoadBalancer by frontends,
    |on, ctx, item: Frontend| on.retire(ctx, item.name()));

/// What the score of an item claims for it.
fn claim<I: Item>(item: &I) -> Claim {
    Claim::object(I::KIND, item.key())
}

/// Those that carry the site's mark.
fn ours<I: Item>(ctx: &Context, kept: Vec<Marked<I>>) -> Vec<Orphan> {
    let marked = kept.into_iter().filter_map(|kept| {
        let mark = kept.mark.filter(|mark| mark.site == *ctx.site())?;
        Some(Orphan { claim: claim(&kept.item), mark })
    });
    marked.collect()
}
