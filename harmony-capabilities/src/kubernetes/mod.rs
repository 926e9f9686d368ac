//! Kubernetes: the role of an API server's client, and the score that wants one object.
//!
//! Only what every API server does: readiness, nodes, and server-side apply of one object at a time. A mark is an
//! annotation, with the site as a label to select by.

mod client;
mod error;
mod manifest;
mod mark;
mod node;
mod object_ref;
mod resource;
mod score;

pub use client::{K8sClient, OffersK8sClient};
pub use error::{KubernetesError, KubernetesErrorKind};
pub use manifest::Manifest;
pub use mark::{MARK_ANNOTATION, SITE_LABEL};
pub use node::{Node, Readiness};
pub use object_ref::ObjectRef;
pub use score::K8sResourceScore;
