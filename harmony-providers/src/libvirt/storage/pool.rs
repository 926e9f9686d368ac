//! Storage pools: folders of the host.

use harmony_capabilities::virtualization::{PoolSpec, VolumeRef};
use harmony_phases::ownership::Mark;
use harmony_phases::score::{ChangeEffect, ValidationReport};
use harmony_phases::{Context, Outcome};
use harmony_types::SiteName;
use uuid::Uuid;

use super::super::custody::keep;
use super::super::drift::Drift;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::{Link, PoolRow};
use super::super::reads::PoolSeen;
use super::super::xml::{self, Permissions, Pool, PoolTarget};
use super::marker;

/// The namespace of the UUIDs by which a site knows its pools: v5 of the URL namespace and the
/// namespace of our marks.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f0c_2b5e_7d53_5d0e_9a51_3c1f_8f6e_2a47);

/// The UUID that makes a pool one of `site`: pools have no room for a mark.
pub(crate) fn pool_uuid(site: &SiteName, name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, [site.as_str(), name].join("/").as_bytes())
}

/// A pool as far as its volumes care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownPool {
    pub(crate) ours: bool,
    pub(crate) active: bool,
}

/// The folder of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolFolder(String);

impl PoolFolder {
    fn of(pool: &Pool) -> Self {
        Self(pool.target.as_ref().map(|target| target.path.clone()).unwrap_or_default())
    }

    /// The path of a volume of this pool on its host.
    pub(crate) fn path_of(&self, volume: &str) -> String {
        [self.0.trim_end_matches('/'), volume].join("/")
    }
}

#[derive(Debug)]
enum Seen {
    Missing,
    Blocked(String),
    There { drift: Drift, active: bool, autostart: Option<bool>, protect: Option<bool> },
}

impl Libvirt {
    /// Looks at a pool and says what bringing it into shape would do.
    pub(crate) async fn plan_pool(
        &self,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<ValidationReport, LibvirtError> {
        Ok(match self.see_pool(mark, spec).await? {
            Seen::Missing => ValidationReport::will_create(),
            Seen::Blocked(why) => ValidationReport::blocked(why),
            Seen::There { drift, .. } => drift.into_report(),
        })
    }

    /// Brings a pool into shape and starts it.
    pub(crate) async fn shape_pool(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &PoolSpec,
    ) -> Result<Outcome, LibvirtError> {
        let name = spec.name.as_str();
        let (found, autostart, protect) = match self.see_pool(mark, spec).await? {
            Seen::Blocked(why) => return Err(self.blocked(["change pool ", name].concat(), why)),
            Seen::There { drift, .. } if drift.is_empty() => {
                return Ok(Outcome::noop(format!("pool {name} is as wanted")));
            }
            Seen::There { active, autostart, protect, .. } => (Some(active), autostart, protect),
            Seen::Missing => {
                (None, spec.autostart.filter(|it| *it), spec.custody.protect.then_some(true))
            }
        };
        if found.is_none() {
            let text = xml::write("a pool", &wanted(spec, mark))?;
            self.change(ctx, "define pool", name, move |link, acting, _| {
                link.define_pool(acting, &text)
            })
            .await?;
        }
        if let Some(autostart) = autostart {
            self.change(ctx, "set autostart of pool", name, move |link, acting, name| {
                link.autostart_pool(acting, name, autostart)
            })
            .await?;
        }
        if found != Some(true) {
            self.change(ctx, "build pool", name, Link::build_pool).await?;
            self.change(ctx, "start pool", name, Link::start_pool).await?;
        }
        if let Some(protect) = protect {
            // A marker may outlive its pool in the folder.
            if protect != self.is_pool_protected(name).await? {
                self.set_marker(ctx, name, marker::POOL_PROTECTED, protect).await?;
            }
        }
        let done = if found.is_some() { "updated" } else { "created" };
        Ok(Outcome::success(format!("pool {name} {done}")))
    }

    /// Says what taking a pool away would do.
    pub(crate) async fn plan_pool_removal(
        &self,
        mark: &Mark,
        name: &str,
    ) -> Result<ValidationReport, LibvirtError> {
        let Some(seen) = self.reads().pool(name).await? else {
            return Ok(ValidationReport::already_applied());
        };
        Ok(match self.kept(&seen, mark).await? {
            Some(why) => ValidationReport::blocked(why),
            None => ValidationReport::will_delete().note("its folder stays"),
        })
    }

    /// Takes a pool of ours away; its folder and what is in it stay.
    pub(crate) async fn take_pool_away(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &str,
    ) -> Result<Outcome, LibvirtError> {
        let Some(seen) = self.reads().pool(name).await? else {
            return Ok(Outcome::noop(format!("pool {name} is not there")));
        };
        if let Some(why) = self.kept(&seen, mark).await? {
            return Ok(Outcome::left_in_place(why));
        }
        if let Some(why) = self.held(&seen).await? {
            return Ok(Outcome::left_in_place(why));
        }
        if seen.active {
            self.change(ctx, "stop pool", name, Link::stop_pool).await?;
        }
        self.change(ctx, "undefine pool", name, Link::undefine_pool).await?;
        Ok(Outcome::success(format!("pool {name} removed; its folder stays")))
    }

    /// Whether the marker is there that protects a pool; the pool must be running.
    pub(super) async fn is_pool_protected(&self, pool: &str) -> Result<bool, LibvirtError> {
        Ok(self.reads().volume(pool, marker::POOL_PROTECTED).await?.is_some())
    }

    /// Whether a pool is seen to be protected; one that is stopped shows nothing of what it holds.
    async fn shows_protection(&self, row: &PoolRow) -> Result<bool, LibvirtError> {
        Ok(row.active && self.is_pool_protected(&row.name).await?)
    }

    /// Why a pool is not taken away, when it is not.
    async fn kept(&self, seen: &PoolSeen, mark: &Mark) -> Result<Option<String>, LibvirtError> {
        let name = &seen.name;
        let ours = is_ours(seen.model()?, &mark.site);
        if ours && !seen.active {
            return Ok(Some(format!(
                "pool `{name}` is stopped, so whether it is protected cannot be told: start it"
            )));
        }
        let protected = ours && self.is_pool_protected(name).await?;
        let found = ours.then(|| mark.clone().protect(protected));
        Ok(keep(&format!("pool `{name}`"), found, &mark.site))
    }

    /// Why a pool stays that holds volumes.
    async fn held(&self, row: &PoolRow) -> Result<Option<String>, LibvirtError> {
        if !row.active {
            return Ok(None);
        }
        let mut names = self.volume_names(&row.name).await?;
        names.retain(|name| !marker::is_marker(name));
        Ok(match names.len() {
            0 => None,
            1 => Some(format!("pool `{}` holds the volume {}", row.name, names[0])),
            n => Some(format!("pool `{}` holds {n} volumes, among them {}", row.name, names[0])),
        })
    }

    /// Looks a pool up for its volumes.
    pub(crate) async fn known_pool(
        &self,
        site: &SiteName,
        name: &str,
    ) -> Result<Option<KnownPool>, LibvirtError> {
        let Some(seen) = self.reads().pool(name).await? else { return Ok(None) };
        Ok(Some(KnownPool { ours: is_ours(seen.model()?, site), active: seen.active }))
    }

    /// The volume whose file this is, when it lies in a pool.
    pub(crate) async fn volume_at(&self, file: &str) -> Result<Option<VolumeRef>, LibvirtError> {
        let Some((folder, name)) = file.rsplit_once('/') else { return Ok(None) };
        for row in self.connection().read("list pools", Link::pools).await? {
            let pool: Pool = xml::read("a pool", &row.xml)?;
            let path = pool.target.map(|target| target.path).unwrap_or_default();
            if path.trim_end_matches('/') == folder {
                let named = (pool.name.parse(), name.parse());
                return Ok(match named {
                    (Ok(pool), Ok(name)) => Some(VolumeRef { pool, name }),
                    _ => None,
                });
            }
        }
        Ok(None)
    }

    /// Looks up where a pool's volumes lie.
    pub(crate) async fn pool_folder(&self, name: &str) -> Result<Option<PoolFolder>, LibvirtError> {
        let Some(seen) = self.reads().pool(name).await? else { return Ok(None) };
        Ok(Some(PoolFolder::of(seen.model()?)))
    }

    async fn see_pool(&self, mark: &Mark, spec: &PoolSpec) -> Result<Seen, LibvirtError> {
        let name = spec.name.as_str();
        let Some(seen) = self.reads().pool(name).await? else { return Ok(Seen::Missing) };
        let (row, found): (&PoolRow, _) = (&seen, seen.model()?);
        if !is_ours(found, &mark.site) && !spec.custody.adopt {
            return Ok(Seen::Blocked(format!(
                "pool `{name}` exists already and was not made by this site: use another name, or \
                 say `adopt` to use it as it is"
            )));
        }
        let path = PoolFolder::of(found).0;
        if found.kind != "dir" || path.trim_end_matches('/') != spec.path.as_str() {
            return Ok(Seen::Blocked(format!(
                "pool `{name}` is of kind {} at {path}, and a pool cannot be moved: use another \
                 name, or path {path}",
                found.kind
            )));
        }
        let mut drift = Drift::default();
        if !row.active {
            drift.differs("state", "stopped", "running", ChangeEffect::Live);
        }
        drift.field("autostart", Some(&row.autostart), spec.autostart.as_ref(), ChangeEffect::Live);
        let autostart = spec.autostart.filter(|wanted| *wanted != row.autostart);
        let mut protect = None;
        if is_ours(found, &mark.site) {
            let (is, wanted) = (self.shows_protection(row).await?, spec.custody.protect);
            drift.field("protect", Some(&is), Some(&wanted), ChangeEffect::Live);
            protect = (is != wanted).then_some(wanted);
        }
        Ok(Seen::There { drift, active: row.active, autostart, protect })
    }
}

fn wanted(spec: &PoolSpec, mark: &Mark) -> Pool {
    Pool {
        kind: "dir".into(),
        name: spec.name.to_string(),
        uuid: Some(pool_uuid(&mark.site, spec.name.as_str()).to_string()),
        target: Some(PoolTarget {
            path: spec.path.to_string(),
            permissions: Some(Permissions { mode: Some("0711".into()) }),
        }),
        ..Pool::default()
    }
}

pub(super) fn is_ours(pool: &Pool, site: &SiteName) -> bool {
    let ours = pool_uuid(site, &pool.name).to_string();
    pool.uuid.as_deref() == Some(ours.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pools_uuid_tells_sites_and_names_apart_and_never_changes() {
        let (lab, home): (SiteName, SiteName) = ("lab".parse().unwrap(), "home".parse().unwrap());
        let uuid = pool_uuid(&lab, "images");
        assert_eq!(uuid, pool_uuid(&lab, "images"));
        assert_ne!(uuid, pool_uuid(&home, "images"));
        assert_ne!(uuid, pool_uuid(&lab, "isos"));
        assert_eq!(uuid.get_version_num(), 5);
    }

    #[test]
    fn volumes_lie_in_the_folder_however_it_is_spelled() {
        assert_eq!(PoolFolder("/a/".into()).path_of("x"), "/a/x");
    }
}
