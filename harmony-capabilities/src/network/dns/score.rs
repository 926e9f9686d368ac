use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, Score,
    ownership::{Custody, Mark},
};
use serde_json::Value;

use super::{DnsRecord, DnsServer};
use crate::{
    keeping::{Item, Keep, Keeper, Marked, item_score, value},
    network::NetworkError,
};

item_score! {
    /// Wants a DNS server to have one record.
    ///
    /// ```
    /// use harmony_capabilities::network::{DnsRecord, DnsScore};
    /// use harmony_phases::Describe;
    /// let score = DnsScore::new(DnsRecord::address("api.okd.example".parse()?, [192, 168, 100, 5])?);
    /// assert_eq!(score.name(), "dns api.okd.example A");
    /// # Ok::<(), harmony_types::ParseError>(())
    /// ```
    DnsScore { record: DnsRecord }, called "record", schema 1
}

impl<T: DnsServer> Score<T> for DnsScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Keeper(self.clone()))
    }
}

impl Describe for DnsScore {
    fn name(&self) -> String {
        format!("dns {}", self.record.key())
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(DnsRecord::KIND, self.record.key())]
    }
}

#[async_trait]
impl<T: DnsServer> Keep<T> for DnsScore {
    type Item = DnsRecord;
    type Error = NetworkError;

    fn declared(&self) -> DnsRecord {
        self.record.clone()
    }
    fn custody(&self) -> Custody {
        self.custody
    }
    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn kept(&self, on: &T) -> Result<Vec<Marked<DnsRecord>>, NetworkError> {
        on.records().await
    }
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), NetworkError> {
        on.publish(ctx, &self.record, mark).await
    }
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), NetworkError> {
        on.withdraw(ctx, self.record.name(), self.record.kind()).await
    }
}
