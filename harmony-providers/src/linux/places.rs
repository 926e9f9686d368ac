/// Where things are on a host: below `/`, or below another folder in tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::linux) struct Places {
    root: String,
}

impl Places {
    /// Those of a real host.
    pub(in crate::linux) const fn of_a_host() -> Self {
        Self { root: String::new() }
    }

    /// The same below `root`.
    #[cfg(test)]
    pub(in crate::linux) fn below(root: &std::path::Path) -> Self {
        Self { root: root.to_string_lossy().into_owned() }
    }

    /// Where `path`, which begins with a slash, is.
    pub(in crate::linux) fn at(&self, path: &str) -> String {
        [self.root.as_str(), path].concat()
    }
}
