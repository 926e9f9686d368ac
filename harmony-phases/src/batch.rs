//! Reads that are answered together: what is asked in one tick is asked once.

use std::{
    collections::HashMap,
    fmt,
    future::poll_fn,
    hash::Hash,
    sync::{Arc, Mutex},
    task::Poll,
};

use futures_util::{FutureExt, future::Shared};

use crate::{BoxFuture, sync::lock};

/// Gathers the questions that are asked in one tick and answers them with one call.
///
/// A segment's scores are validated side by side, so a provider that asks through a batch needs
/// one round trip for all of them. There is no timer: the batch goes out when a turn of the
/// executor brings no new question. A question that comes later opens the next batch, so an
/// answer is never older than its question.
///
/// `E` is cloned to every asker; wrap what is not `Clone` in an `Arc`.
pub struct Batch<K, V, E> {
    fetch: Arc<Fetch<K, V, E>>,
    open: Mutex<Option<Open<K, V, E>>>,
}

type Fetch<K, V, E> = dyn Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, E>> + Send + Sync;
type Answers<K, V, E> = Shared<BoxFuture<'static, Result<Arc<HashMap<K, V>>, E>>>;
/// `None` once the call has gone out.
type Keys<K> = Arc<Mutex<Option<Vec<K>>>>;

struct Open<K, V, E> {
    keys: Keys<K>,
    answers: Answers<K, V, E>,
}

impl<K, V, E> Batch<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// Answers through `fetch`; a key it has no answer for is not there.
    pub fn new(
        fetch: impl Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, E>> + Send + Sync + 'static,
    ) -> Self {
        Self { fetch: Arc::new(fetch), open: Mutex::new(None) }
    }

    /// Asks for `key` together with whoever else asks in this tick.
    ///
    /// # Errors
    /// What the call reports, to every asker.
    pub async fn ask(&self, key: K) -> Result<Option<V>, E> {
        Ok(self.join(key.clone()).await?.get(&key).cloned())
    }

    fn join(&self, key: K) -> Answers<K, V, E> {
        let mut open = lock(&self.open);
        if let Some(batch) = &*open
            && let Some(keys) = &mut *lock(&batch.keys)
        {
            keys.push(key);
            return batch.answers.clone();
        }
        let keys: Keys<K> = Arc::new(Mutex::new(Some(vec![key])));
        let fetch = Arc::clone(&self.fetch);
        let asked = Arc::clone(&keys);
        let answers = async move { fetch(gathered(&asked).await).await.map(Arc::new) };
        let answers = answers.boxed().shared();
        *open = Some(Open { keys, answers: answers.clone() });
        answers
    }
}

/// The keys, once a turn of the executor has brought no new one.
async fn gathered<K>(keys: &Keys<K>) -> Vec<K> {
    let mut seen = 0;
    poll_fn(|cx| {
        let mut keys = lock(keys);
        let now = keys.as_ref().map_or(0, Vec::len);
        if now > seen {
            seen = now;
            cx.waker().wake_by_ref(); // lets the others of this tick ask first
            return Poll::Pending;
        }
        Poll::Ready(keys.take().unwrap_or_default())
    })
    .await
}

impl<K, V, E> fmt::Debug for Batch<K, V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use futures_util::future::join_all;

    use super::*;

    fn counting(calls: &Arc<AtomicUsize>) -> Batch<u8, u8, ()> {
        let calls = Arc::clone(calls);
        Batch::new(move |keys| {
            calls.fetch_add(1, SeqCst);
            Box::pin(async move { Ok(keys.into_iter().map(|k| (k, k)).collect()) })
        })
    }

    #[tokio::test]
    async fn one_tick_is_one_call() {
        let calls = Arc::default();
        let batch = counting(&calls);
        let answers = join_all((0..100).map(|key| batch.ask(key))).await;
        assert_eq!(answers[7], Ok(Some(7)));
        assert_eq!(calls.load(SeqCst), 1);
        assert_eq!(batch.ask(3).await, Ok(Some(3)));
        assert_eq!(calls.load(SeqCst), 2, "a later question is a later read");
    }

    #[tokio::test]
    async fn a_dropped_asker_does_not_take_the_batch_with_it() {
        let calls = Arc::default();
        let batch = counting(&calls);
        let mut first = Box::pin(batch.ask(1));
        assert!(futures_util::poll!(&mut first).is_pending());
        let second = batch.ask(2);
        drop(first);
        assert_eq!(second.await, Ok(Some(2)));
        assert_eq!(calls.load(SeqCst), 1);
    }
}
