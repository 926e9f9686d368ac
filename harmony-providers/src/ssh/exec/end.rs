//! Ending a command that will not end.

use std::time::Duration;

use harmony_capabilities::host::{Command, RunAs};
use russh::Sig;

use super::{
    line::{Prepared, Root},
    run::Job,
};
use crate::ssh::connection::{Connection, Session, Stay};

/// Ends a process with all of its group: politely, and after five seconds by force.
const SCRIPT: &str = r#"
read -r stat 2>/dev/null <"/proc/$1/stat" || exit 0
set -- ${stat##*) }
kill -s TERM -- "-$3" || exit
i=0
while kill -s 0 -- "-$3" 2>/dev/null; do
  i=$((i + 1))
  [ "$i" -le 50 ] || { kill -s KILL -- "-$3"; exit; }
  sleep 0.1
done
"#;

/// Ends the command that runs in `session` as `process`, and says whether it is gone.
///
/// The server passes a signal on to what the login owns; what runs through sudo is ended by a
/// command of its own, over a connection of its own where the server gives one session only.
pub(in crate::ssh) async fn end(
    connection: &Connection,
    session: Session,
    process: Option<u32>,
    run_as: RunAs,
    root: &Root,
) -> bool {
    const LIMIT: Duration = Duration::from_secs(15);
    drop(session.writer.signal(Sig::TERM).await);
    drop(session);
    let Some(process) = process else { return false };
    let mut command = Command::script(SCRIPT).arg(process.to_string());
    if run_as == RunAs::Root {
        command = command.as_root();
    }
    let Ok(prepared) = Prepared::new(&command, root) else { return false };
    let session = match connection.session(Stay::Brief).await {
        Ok(session) => Ok(session),
        Err(_) => connection.session_aside(Stay::Brief).await,
    };
    let Ok(mut session) = session else { return false };
    let limit = Some(LIMIT);
    let job = Job { command: &command, prepared: &prepared, root, limit, show: None };
    job.run(&mut session).await.is_ok_and(|output| output.succeeded())
}
