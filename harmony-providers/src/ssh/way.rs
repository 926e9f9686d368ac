//! From options to a plan: the configuration read, the hops in order, the secrets resolved.

use std::sync::Arc;

use harmony_phases::Context;
use harmony_types::SshAddress;

use super::{
    HostKeyPolicy, SshError, SshErrorKind as Kind, SshOptions,
    config::Target,
    connection::{Hop, Plan},
    exec::Root,
    login,
    options::Escalation,
};

/// The most hosts on the way to one.
const MOST: usize = 8;

/// Everything that is needed to connect, looked up once.
pub(super) async fn plan(ctx: &Context, options: &SshOptions) -> Result<Plan, SshError> {
    let mut hops = Vec::new();
    for (asked, target, policy) in route(options)? {
        hops.push(hop(ctx, options, asked, target, policy).await?);
    }
    Ok(Plan { hops, deadlines: options.deadlines, sessions: options.sessions })
}

/// How commands become root there.
pub(super) async fn root(
    ctx: &Context,
    options: &SshOptions,
    user: &str,
) -> Result<Root, SshError> {
    Ok(match &options.escalation {
        _ if user == "root" => Root::Already,
        Escalation::Never => Root::Never,
        Escalation::Sudo => Root::Sudo(None),
        Escalation::SudoWithPassword(secret) => {
            Root::Sudo(Some(Arc::new(ctx.secret(secret).await?)))
        }
    })
}

type Stop = (SshAddress, Target, HostKeyPolicy);

/// The hosts on the way and what they mean, the nearest first and the wanted one last.
fn route(options: &SshOptions) -> Result<Vec<Stop>, SshError> {
    let address = &options.address;
    let target = resolve(options, address)?;
    let jumps = options.jumps.clone().unwrap_or_else(|| target.jumps.clone());
    let mut stops = vec![(address.clone(), target, options.host_keys)];
    // A pinned key is that of the host that is wanted, not of those on the way.
    let policy = match options.host_keys {
        HostKeyPolicy::Pinned(_) => HostKeyPolicy::KnownHosts,
        policy => policy,
    };
    // From the end of the way to its beginning: the first jump may have jumps of its own.
    let mut ahead = jumps;
    while let Some(jump) = ahead.pop() {
        let target = resolve(options, &jump)?;
        if ahead.is_empty() {
            ahead.clone_from(&target.jumps);
        }
        stops.push((jump, target, policy));
        if stops.len() > MOST + 1 {
            return Err(SshError::new(Kind::Invalid, "find the way")
                .at(address)
                .remedy(format!("no more than {MOST} hosts on the way; look at ProxyJump")));
        }
    }
    stops.reverse();
    Ok(stops)
}

fn resolve(options: &SshOptions, address: &SshAddress) -> Result<Target, SshError> {
    let known = options.config.resolve(address);
    known.map_err(|error| {
        SshError::new(Kind::Invalid, "read the configuration of ssh").at(address).caused_by(error)
    })
}

async fn hop(
    ctx: &Context,
    options: &SshOptions,
    asked: SshAddress,
    target: Target,
    policy: HostKeyPolicy,
) -> Result<Hop, SshError> {
    let trust = target.trust(policy).map_err(|error| {
        SshError::new(Kind::HostKey, "read the known hosts").at(&asked).caused_by(error)
    })?;
    let credentials = login::resolve(ctx, &options.credentials, &target).await;
    Ok(Hop { asked, target, trust: Arc::new(trust), credentials })
}
