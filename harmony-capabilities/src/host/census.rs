//! What carries a site's mark on a host: one census for each kind of thing.

use std::str::FromStr;

use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, InterpretError, InterpretErrorKind, Outcome,
    claim::Resource,
    ownership::{Census, Mark, Orphan},
};
use harmony_types::{HostPath, ParseError};

use super::{
    AccountStore, FileStore, HostError, HostErrorKind, HostFacts, KernelModules, ModuleName,
    PackageChange, PackageManager, PackageName, Sysctl, SysctlKey, UserName, accounts::user_claim,
    files, kernel, packages,
};

/// Counts the files and directories of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileCensus;

/// Counts the packages of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct PackageCensus;

/// Counts the users of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserCensus;

/// Counts the kernel modules that a site has loaded when the host starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelModuleCensus;

/// Counts the kernel parameters that a site sets.
#[derive(Clone, Copy, Debug, Default)]
pub struct SysctlCensus;

/// Writes a census of what `$list` lists, which `$remove` removes.
macro_rules! census {
    (
        $census:ident counts $what:literal on $($role:ident)&+, by $list:ident as $claim:path,
        |$on:ident, $ctx:ident, $name:ident: $type:ty| $remove:expr
    ) => {
        #[async_trait]
        impl<T: $($role +)+> Census<T> for $census {
            fn counts(&self) -> &'static str {
                $what
            }

            async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
                let all = on.$list().await?.into_iter();
                let ours = all.filter(|(_, mark)| mark.site == *ctx.site());
                Ok(ours.map(|(name, mark)| Orphan { claim: $claim(&name), mark }).collect())
            }

            async fn remove(
                &self,
                $ctx: &Context,
                $on: &T,
                orphan: &Orphan,
            ) -> Result<Outcome, InterpretError> {
                let name = named::<$type>(orphan)?;
                // Looked at again: only what still carries the very mark is removed.
                let there = (name, orphan.mark.clone());
                if !$on.$list().await?.contains(&there) {
                    return Ok(Outcome::noop("is not there any more"));
                }
                let $name = &there.0;
                told($remove.await, &orphan.claim)
            }
        }
    };
}

census!(FileCensus counts "files" on FileStore, by marked_files as files::claim,
    |on, ctx, path: HostPath| on.remove(ctx, path));
census!(PackageCensus counts "packages" on PackageManager, by marked_packages as packages::claim,
    |on, ctx, name: PackageName| remove_package(on, ctx, name));
census!(UserCensus counts "users" on AccountStore & HostFacts, by marked_users as user_claim,
    |on, ctx, name: UserName| remove_user(on, ctx, name));
census!(KernelModuleCensus counts "kernel modules" on KernelModules, by marked_modules as kernel::module_claim,
    |on, ctx, name: ModuleName| on.forget(ctx, name));
census!(SysctlCensus counts "kernel parameters" on Sysctl, by marked_parameters as kernel::sysctl_claim,
    |on, ctx, key: SysctlKey| on.unset(ctx, key));

/// Removes a package, unless others that nobody asked about would go with it.
async fn remove_package(
    on: &impl PackageManager,
    ctx: &Context,
    name: &PackageName,
) -> Result<(), HostError> {
    let remove = vec![name.clone()];
    let release = if on.package(name).await?.held { remove.clone() } else { Vec::new() };
    let change = PackageChange { release, remove, ..PackageChange::default() };
    if let Some(reason) = on.simulate(&change).await?.unasked(&change) {
        return Err(HostError::new(HostErrorKind::Blocked, reason));
    }
    let mark = Mark::new(ctx.site().clone(), "");
    on.commit(ctx, &change, &mark).await
}

/// Removes a user, unless it is the one who is logged in.
async fn remove_user(
    on: &(impl AccountStore + HostFacts),
    ctx: &Context,
    name: &UserName,
) -> Result<(), HostError> {
    if on.facts().login.name == name.as_str() {
        return Err(HostError::new(HostErrorKind::Blocked, format!("user {name} is logged in")));
    }
    on.remove_user(ctx, name).await
}

/// What came of a removal; what must not be removed is left.
fn told(removed: Result<(), HostError>, claim: &Claim) -> Result<Outcome, InterpretError> {
    match removed {
        Ok(()) => Ok(Outcome::success("removed").detail(claim.to_string())),
        Err(error) if error.kind() == HostErrorKind::Blocked => {
            Ok(Outcome::left_in_place(error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The name in an orphan's claim.
fn named<N: FromStr<Err = ParseError>>(orphan: &Orphan) -> Result<N, InterpretError> {
    let failed =
        || InterpretError::new(InterpretErrorKind::Invalid, format!("orphan {}", orphan.claim));
    match orphan.claim.resource() {
        Resource::Object { name, .. } => {
            name.parse().map_err(|error: ParseError| failed().caused_by(error))
        }
        _ => Err(failed()),
    }
}
