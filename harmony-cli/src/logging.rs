use log::LevelFilter;

use crate::console::{Console, Notes};

/// Sends the log to the standard error output, above the progress bars.
///
/// `RUST_LOG` refines what `verbosity` says. A program that has a log already keeps it.
pub(crate) fn start(verbosity: u8, console: &Console) {
    let level = match verbosity {
        0 => LevelFilter::Warn,
        1 => LevelFilter::Info,
        _ => LevelFilter::Debug,
    };
    let target = env_logger::Target::Pipe(Box::new(Notes::on(console.clone())));
    let _ = env_logger::Builder::new()
        .filter_level(level)
        .parse_default_env()
        .target(target)
        .try_init();
}
