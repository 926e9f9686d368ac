use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, Score,
    ownership::{Custody, Mark},
};
use serde_json::Value;

use super::{K8sClient, KubernetesError, Manifest, mark, resource::Resource};
use crate::keeping::{Item, Keep, Keeper, Marked, item_score, value};

item_score! {
    /// Wants one object in a cluster, as far as its manifest goes.
    ///
    /// What differs is decided by the server: the object as it is, against what it would be after the manifest was
    /// applied. So defaults and other spellings of one value are no differences.
    ///
    /// ```
    /// use harmony_capabilities::kubernetes::{K8sResourceScore, Manifest};
    /// use harmony_phases::Describe;
    /// let shop = serde_json::json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } });
    /// assert_eq!(K8sResourceScore::new(Manifest::new(shop)?).name(), "k8s v1 Namespace shop");
    /// # Ok::<(), harmony_types::ParseError>(())
    /// ```
    K8sResourceScore { manifest: Manifest }, called "object", schema 1
}

impl<T: K8sClient> Score<T> for K8sResourceScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Keeper(self.clone()))
    }
}

impl Describe for K8sResourceScore {
    fn name(&self) -> String {
        format!("k8s {}", self.manifest.object())
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(Resource::KIND, self.manifest.object().to_string())]
    }
}

impl K8sResourceScore {
    fn marked(&self, ctx: &Context) -> Manifest {
        let mark = ctx.mark().schema(Self::SCHEMA).protect(self.custody.protect);
        mark::put(&self.manifest, &mark)
    }
}

#[async_trait]
impl<T: K8sClient> Keep<T> for K8sResourceScore {
    type Item = Resource;
    type Error = KubernetesError;

    fn declared(&self) -> Resource {
        Resource::new(self.manifest.object().clone(), self.manifest.fields().clone())
    }
    fn custody(&self) -> Custody {
        self.custody
    }
    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn wanted(&self, ctx: &Context, on: &T) -> Result<Resource, KubernetesError> {
        let preview = on.preview(&self.marked(ctx)).await?;
        Ok(Resource::new(self.manifest.object().clone(), preview))
    }
    async fn kept(&self, on: &T) -> Result<Vec<Marked<Resource>>, KubernetesError> {
        let object = self.manifest.object();
        let found = on.get(object).await?.into_iter().map(|found| Marked {
            mark: mark::read(&found),
            item: Resource::new(object.clone(), found),
        });
        Ok(found.collect())
    }
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), KubernetesError> {
        on.apply(ctx, &mark::put(&self.manifest, mark)).await.map(|_| ())
    }
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), KubernetesError> {
        on.delete(ctx, self.manifest.object()).await
    }
}
