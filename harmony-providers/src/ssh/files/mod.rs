//! Files there and back: through SFTP where the server has it, and through a command where not.
//!
//! Either way only the bytes take that road. What makes a file out of them, or tells how many there
//! are, is a command on the host: so both roads have the same checks and the same end.

mod download;
mod progress;
mod refusal;
mod sftp;
mod upload;

pub(in crate::ssh) use sftp::Subsystem;
