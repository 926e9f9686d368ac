use std::{error::Error, fmt::Write as _};

use crate::{Exit, console::Console};

/// Writes an error with its causes, each on a line of its own.
pub(crate) fn report(console: &Console, error: &(dyn Error + 'static)) -> Exit {
    console.note(&chain(error));
    Exit::Failed
}

pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  because: {error}");
        cause = error.source();
    }
    text
}
