//! Ending the work before its nth change, as a crash would.

use std::{io, sync::Mutex};

#[derive(Debug, Default)]
pub(in super::super) struct Cut {
    left: Mutex<Left>,
}

#[derive(Debug, Default)]
enum Left {
    /// All is let through.
    #[default]
    All,
    /// So many changes are let through.
    Some(usize),
    /// One more was wanted.
    Cut,
}

impl Cut {
    /// Lets so many changes through, and none after them.
    pub(in super::super) fn after(&self, changes: usize) {
        *self.left.lock().unwrap() = Left::Some(changes);
    }

    /// Whether everything was let through.
    pub(in super::super) fn is_unused(&self) -> bool {
        !matches!(*self.left.lock().unwrap(), Left::Cut)
    }

    pub(in super::super) fn step(&self) -> io::Result<()> {
        let mut left = self.left.lock().unwrap();
        match &mut *left {
            Left::All => Ok(()),
            Left::Some(changes @ 1..) => {
                *changes -= 1;
                Ok(())
            }
            cut => {
                *cut = Left::Cut;
                Err(io::Error::other("cut off"))
            }
        }
    }
}
