//! From a declared machine to a Linux host, where it is this one.

use std::sync::Arc;

use harmony_capabilities::host::{CommandExecution, HostError};
use harmony_phases::transition::{Observed, Reverted, Transition, TransitionError, WayBack};
use harmony_phases::{BoxError, Context, Describe, Topology};
use harmony_types::{KvmHostAddress, SshAddress};
use thiserror::Error;

use super::reach::Reach;
use super::{Declared, LinuxHost};
use crate::linux::Linux;
use crate::this_machine::ThisMachine;

/// Takes the machine that this program runs on as a Linux host.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConnectLocal;

/// The declared machine is another one.
#[derive(Debug, Error)]
#[error(
    "{address} is not this machine: `ConnectSsh` leads there, and `Declared::here()` is this one"
)]
struct Elsewhere {
    address: SshAddress,
}

type Here<T> = Result<T, TransitionError<Topology<Declared>>>;

impl Describe for ConnectLocal {
    fn name(&self) -> String {
        "connect to this machine".to_owned()
    }
}

impl Transition<Topology<Declared>> for ConnectLocal {
    type To = Topology<LinuxHost>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> Here<Observed<Self::To, Topology<Declared>>> {
        self.apply(ctx, from).await.map(Observed::Reached)
    }

    async fn apply(&self, _ctx: &Context, from: Topology<Declared>) -> Here<Self::To> {
        match look_around(from.phase().address()).await {
            Ok(host) => Ok(from.map(|_| host)),
            Err(error) => Err(TransitionError::refused(from, error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::LeavesInPlace
    }

    async fn revert(
        &self,
        _ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<Declared>>, TransitionError<Self::To>> {
        Ok(Reverted::LeftInPlace(to.map(|host| Declared { address: host.address })))
    }
}

async fn look_around(address: &KvmHostAddress) -> Result<LinuxHost, BoxError> {
    if let KvmHostAddress::Ssh(address) = address {
        return Err(Elsewhere { address: address.clone() }.into());
    }
    let commands: Arc<dyn CommandExecution> = Arc::new(ThisMachine::new());
    let linux: Result<_, HostError> = Linux::connect(Arc::clone(&commands)).await;
    Ok(LinuxHost { linux: linux?, commands, reach: Reach::Here, address: address.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ctx() -> Context {
        Context::for_site("lab".parse().unwrap())
    }

    #[tokio::test]
    async fn this_machine_is_a_linux_host() {
        let declared = Topology::new("here", Declared::here());
        let host = declared.advance(&ctx(), ConnectLocal).await.unwrap();
        assert!(!host.phase().host_name().is_empty());
        assert!(!host.phase().system().is_empty());
        assert_eq!(host.phase().address(), &KvmHostAddress::Here);
    }

    #[tokio::test]
    async fn another_machine_is_refused_and_given_back() {
        let address: KvmHostAddress = "root@h1.example".parse().unwrap();
        let declared = Topology::new("h1", Declared::at(address.clone()));
        let refused = ConnectLocal.apply(&ctx(), declared).await.unwrap_err();
        let (kept, why) = refused.into_parts();
        assert_eq!(kept.unwrap().phase().address(), &address);
        assert!(why.to_string().contains("`ConnectSsh` leads there"), "{why}");
    }
}
