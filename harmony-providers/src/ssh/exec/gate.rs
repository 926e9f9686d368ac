//! What comes before a command's own output.

/// Keeps back what a host says before a marker: the banners of a login shell, the lecture of sudo.
#[derive(Debug)]
pub(super) struct Gate {
    marker: Vec<u8>,
    before: Vec<u8>,
    /// The rest of the marker's line, once it has come.
    noted: Option<String>,
}

impl Gate {
    /// The most that may come before the marker.
    pub(super) const MOST: usize = 64 * 1024;

    pub(super) fn new(marker: &str) -> Self {
        Self { marker: marker.into(), before: Vec::new(), noted: None }
    }

    /// Takes what came, and gives back what belongs to the command.
    pub(super) fn pass(&mut self, data: &[u8]) -> Vec<u8> {
        if self.is_open() {
            return data.to_vec();
        }
        self.before.extend_from_slice(data);
        let Some(at) = find(&self.before, &self.marker) else { return Vec::new() };
        let behind = at + self.marker.len();
        let Some(end) = self.before[behind..].iter().position(|&byte| byte == b'\n') else {
            return Vec::new();
        };
        let line = String::from_utf8_lossy(&self.before[behind..behind + end]);
        self.noted = Some(line.trim().to_owned());
        let passed = self.before.split_off(behind + end + 1);
        self.before.truncate(at);
        passed
    }

    /// Whether the marker has come.
    pub(super) const fn is_open(&self) -> bool {
        self.noted.is_some()
    }

    /// What stood behind the marker in its line.
    pub(super) fn noted(&self) -> Option<&str> {
        self.noted.as_deref()
    }

    /// What came before the marker.
    pub(super) fn before(&self) -> &[u8] {
        &self.before
    }
}

/// Where `wanted` is in `text`.
pub(super) fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_marker_alone_in_a_long_banner_line_is_found_when_its_line_ends() {
        let mut gate = Gate::new("MARK");
        assert_eq!(gate.pass(b"Welcome to h1! MAR"), b"");
        assert_eq!(gate.pass(b"K 41"), b"");
        assert!(!gate.is_open());
        assert_eq!(gate.pass(b"7\nout"), b"out");
        assert_eq!((gate.noted(), gate.before()), (Some("417"), &b"Welcome to h1! "[..]));
    }

    proptest! {
        #[test]
        fn the_output_passes_however_it_is_cut(
            banner in "[a-zM\n]{0,20}", output in "[a-zM\n]{0,20}", cuts in proptest::collection::vec(1_usize..7, 0..12),
        ) {
            let text = format!("{banner}#MARK 1\n{output}");
            let mut gate = Gate::new("#MARK");
            let (mut rest, mut passed) = (text.as_bytes(), Vec::new());
            for cut in cuts.into_iter().chain([usize::MAX]) {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                passed.extend(gate.pass(now));
                rest = later;
            }
            prop_assert_eq!(passed, output.as_bytes());
            prop_assert_eq!(gate.before(), banner.as_bytes());
        }
    }
}
