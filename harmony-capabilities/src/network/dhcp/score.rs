use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, Score,
    ownership::{Custody, Mark},
};
use serde_json::Value;

use super::{DhcpServer, Reservation};
use crate::{
    keeping::{Item, Keep, Keeper, Marked, item_score, value},
    network::NetworkError,
};

item_score! {
    /// Wants a DHCP server to have one reservation.
    ///
    /// It claims the address, and the card's place on the server; not the card itself, which belongs to the machine
    /// that has it.
    ///
    /// ```
    /// use harmony_capabilities::network::{DhcpScore, Reservation};
    /// use harmony_phases::Describe;
    /// let web = Reservation::new("52:54:00:00:00:0a".parse()?, [192, 168, 100, 10])?.hostname("web".parse()?);
    /// let score = DhcpScore::new(web);
    /// assert_eq!(score.name(), "dhcp web");
    /// assert_eq!(serde_json::from_value::<DhcpScore>(serde_json::to_value(&score)?)?, score);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    DhcpScore { reservation: Reservation }, called "reservation", schema 1
}

impl<T: DhcpServer> Score<T> for DhcpScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Keeper(self.clone()))
    }
}

impl Describe for DhcpScore {
    fn name(&self) -> String {
        match self.reservation.name() {
            Some(hostname) => format!("dhcp {hostname}"),
            None => format!("dhcp {}", self.reservation.mac()),
        }
    }

    fn claims(&self) -> Vec<Claim> {
        let ip = Claim::ip(self.reservation.ip().into());
        vec![ip, Claim::object(Reservation::KIND, self.reservation.key())]
    }
}

#[async_trait]
impl<T: DhcpServer> Keep<T> for DhcpScore {
    type Item = Reservation;
    type Error = NetworkError;

    fn declared(&self) -> Reservation {
        self.reservation.clone()
    }
    fn custody(&self) -> Custody {
        self.custody
    }
    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn kept(&self, on: &T) -> Result<Vec<Marked<Reservation>>, NetworkError> {
        on.reservations().await
    }
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), NetworkError> {
        on.reserve(ctx, &self.reservation, mark).await
    }
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), NetworkError> {
        on.release(ctx, self.reservation.mac()).await
    }
}
