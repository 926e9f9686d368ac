use harmony_phases::event::{Event, PlainRenderer};

use crate::console::{Console, Notes};

/// One line of JSON an event, on the standard output.
#[derive(Debug)]
pub(crate) struct JsonLines {
    console: Console,
}

impl JsonLines {
    pub(crate) const fn new(console: Console) -> Self {
        Self { console }
    }

    pub(crate) fn show(&self, event: &Event) {
        match serde_json::to_string(event) {
            Ok(line) => self.console.result(&line),
            Err(error) => log::error!("an event cannot be written as JSON: {error}"),
        }
    }
}

/// One line a finished step, a note, or a wait.
#[derive(Debug)]
pub(crate) struct PlainLines {
    renderer: PlainRenderer<Notes>,
}

impl PlainLines {
    pub(crate) const fn new(console: Console) -> Self {
        Self { renderer: PlainRenderer::new(Notes::on(console)) }
    }

    pub(crate) fn show(&mut self, event: &Event) {
        // Notes never fail: whoever went away misses them, and the run goes on.
        let _ = self.renderer.render(event);
    }
}
