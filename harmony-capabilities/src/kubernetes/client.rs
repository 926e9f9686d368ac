use harmony_macros::capability;
use harmony_phases::Context;
use serde_json::Value;

use super::{KubernetesError, Manifest, Node, ObjectRef, Readiness};

/// A client of a Kubernetes API server.
///
/// Any conforming server plays it: nothing here is an extension of one distribution, and objects are JSON, so that
/// what the server knows need not be known here.
///
/// Failover is `primary`: a pair of clusters is two systems of record. What is applied to both would run twice; which
/// of them runs what is for whoever built the pair to say.
#[capability(failover = primary)]
pub trait K8sClient {
    /// Whether the API server takes requests. That it cannot be reached is an error, not an answer.
    ///
    /// # Errors
    /// When the API server cannot be reached.
    async fn ready(&self) -> Result<Readiness, KubernetesError>;

    /// The machines of the cluster.
    ///
    /// # Errors
    /// When the API server cannot be reached.
    async fn nodes(&self) -> Result<Vec<Node>, KubernetesError>;

    /// The object as it is; `None` where there is none.
    ///
    /// # Errors
    /// When the API server cannot be reached.
    async fn get(&self, object: &ObjectRef) -> Result<Option<Value>, KubernetesError>;

    /// What the object would be after [`apply`](Self::apply): the server computes it and changes nothing.
    ///
    /// # Errors
    /// When the API server cannot be reached.
    async fn preview(&self, manifest: &Manifest) -> Result<Value, KubernetesError>;

    /// Applies the fields that the manifest has, on the server's side, and leaves the others to whoever has them.
    ///
    /// # Errors
    /// With kind `Conflict` when somebody else manages one of the fields.
    async fn apply(&self, ctx: &Context, manifest: &Manifest) -> Result<Value, KubernetesError>;

    /// Deletes an object; nothing to do where there is none.
    ///
    /// # Errors
    /// When the API server cannot be reached or does not do it, or the run was cancelled.
    async fn delete(&self, ctx: &Context, object: &ObjectRef) -> Result<(), KubernetesError>;
}
