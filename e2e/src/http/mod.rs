//! An HTTP server for disk images that misbehaves on request.

mod answer;
mod server;

pub use answer::Fault;
pub use server::ImageServer;
