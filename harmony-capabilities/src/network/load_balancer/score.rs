use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, Protocol, Score,
    ownership::{Custody, Mark},
};
use serde_json::Value;

use super::{Frontend, LoadBalancer};
use crate::{
    keeping::{Item, Keep, Keeper, Marked, item_score, value},
    network::NetworkError,
};

item_score! {
    /// Wants a load balancer to have one frontend, with what is behind it.
    ///
    /// It claims its name and where it listens: the port where that is every address, otherwise address and port
    /// together, since several frontends share a virtual address.
    ///
    /// ```
    /// use harmony_capabilities::network::{Backend, Frontend, LoadBalancerScore, Server};
    /// use harmony_phases::Describe;
    /// let cp = Server::new("cp-0".parse()?, [192, 168, 100, 10], 6443.try_into()?);
    /// let api = Frontend::new("api".parse()?, [192, 168, 100, 5], 6443.try_into()?, Backend::new([cp])?)?;
    /// assert_eq!(LoadBalancerScore::new(api).name(), "load balancer api");
    /// # Ok::<(), harmony_types::ParseError>(())
    /// ```
    LoadBalancerScore { frontend: Frontend }, called "frontend", schema 1
}

impl<T: LoadBalancer> Score<T> for LoadBalancerScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Keeper(self.clone()))
    }
}

impl Describe for LoadBalancerScore {
    fn name(&self) -> String {
        format!("load balancer {}", self.frontend.name())
    }

    fn claims(&self) -> Vec<Claim> {
        let listens = self.frontend.listens();
        let place = if listens.ip().is_unspecified() {
            Claim::port(Protocol::Tcp, listens.port())
        } else {
            Claim::object("listener", listens.to_string())
        };
        vec![place, Claim::object(Frontend::KIND, self.frontend.key())]
    }
}

#[async_trait]
impl<T: LoadBalancer> Keep<T> for LoadBalancerScore {
    type Item = Frontend;
    type Error = NetworkError;

    fn declared(&self) -> Frontend {
        self.frontend.clone()
    }
    fn custody(&self) -> Custody {
        self.custody
    }
    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn kept(&self, on: &T) -> Result<Vec<Marked<Frontend>>, NetworkError> {
        on.frontends().await
    }
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), NetworkError> {
        on.serve(ctx, &self.frontend, mark).await
    }
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), NetworkError> {
        on.retire(ctx, self.frontend.name()).await
    }
}
