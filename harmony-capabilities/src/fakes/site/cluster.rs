//! A client of the cluster on a simulated site.

use std::fmt;

use async_trait::async_trait;
use harmony_phases::{Context, Intent};
use serde_json::Value;

use super::{SimulatedSite, world::World};
use crate::{
    fakes::Struck,
    kubernetes::{
        K8sClient, KubernetesError, KubernetesErrorKind, Manifest, Node, ObjectRef, Readiness,
    },
};

const AT: &str = "the simulated API server";

/// A client of the cluster that a simulated site's machines form.
///
/// Its server applies fields one by one and keeps no record of who manages which, so nobody is ever in conflict.
#[derive(Clone)]
pub struct SimulatedCluster {
    site: SimulatedSite,
}

impl SimulatedCluster {
    pub(super) const fn new(site: SimulatedSite) -> Self {
        Self { site }
    }

    async fn look<T: Default>(
        &self,
        what: &str,
        look: impl Fn(&mut World) -> Result<T, KubernetesError>,
    ) -> Result<T, KubernetesError> {
        let look = |world: &mut World| {
            answering(world, what)?;
            look(world)
        };
        self.site.look(what, look).await
    }
}

/// What the API server says of itself, where one runs.
fn answering(world: &mut World, what: &str) -> Result<Readiness, KubernetesError> {
    world.api().ok_or_else(|| {
        KubernetesError::new(KubernetesErrorKind::Unreachable, what)
            .at(AT)
            .remedy("form the cluster first")
    })
}

#[async_trait]
impl K8sClient for SimulatedCluster {
    async fn ready(&self) -> Result<Readiness, KubernetesError> {
        let what = "ask whether it is ready";
        let ready = self.site.look(what, |world| answering(world, what).map(Some)).await?;
        Ok(ready.unwrap_or_else(|| Readiness::NotReady("nothing".to_owned())))
    }

    async fn nodes(&self) -> Result<Vec<Node>, KubernetesError> {
        let node = |(name, ready)| Node { name, ready };
        self.look("list nodes", |world| Ok(world.members().into_iter().map(node).collect())).await
    }

    async fn get(&self, object: &ObjectRef) -> Result<Option<Value>, KubernetesError> {
        self.look(&format!("get {object}"), |world| Ok(world.objects.get(object))).await
    }

    async fn preview(&self, manifest: &Manifest) -> Result<Value, KubernetesError> {
        let what = format!("preview {}", manifest.object());
        self.look(&what, |world| world.objects.merged(manifest)).await
    }

    async fn apply(&self, ctx: &Context, manifest: &Manifest) -> Result<Value, KubernetesError> {
        let intent = Intent::new("apply object", manifest.object().to_string());
        let what = intent.to_string();
        self.site
            .change(ctx, intent, |permit, world| {
                answering(world, &what)?;
                let merged = world.objects.merged(manifest).map_err(|error| error.at(AT))?;
                let (object, made) = world.objects.store(manifest.object(), merged);
                if let Some(made) = made {
                    let verb = if made { "create object" } else { "change object" };
                    world.happened(permit, verb, &manifest.object().to_string());
                }
                Ok(object)
            })
            .await
    }

    async fn delete(&self, ctx: &Context, object: &ObjectRef) -> Result<(), KubernetesError> {
        let intent = Intent::new("delete object", object.to_string());
        let what = intent.to_string();
        self.site
            .change(ctx, intent, |permit, world| {
                answering(world, &what)?;
                if world.objects.remove(object) {
                    world.happened(permit, "delete object", &object.to_string());
                }
                Ok(())
            })
            .await
    }
}

impl fmt::Debug for SimulatedCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedCluster").finish_non_exhaustive()
    }
}

impl From<Struck> for KubernetesError {
    fn from(struck: Struck) -> Self {
        Self::new(KubernetesErrorKind::Unknown, "hear the answer to the end")
            .at(AT)
            .caused_by(struck)
            .remedy("run again: it looks first")
    }
}
