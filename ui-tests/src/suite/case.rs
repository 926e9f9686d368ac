//! A case: a program with one mistake, and the same program without it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What stands before the line that replaces the next one in the twin.
pub(super) const MARKER: &str = "//~ good:";

/// A program that must not compile, what its first error must say, and what there is to say about it.
///
/// ```text
/// //! E0277: does not offer the `K8sClient` capability
/// //! At most 20 lines.
/// //!
/// //! Why: …
/// //!
/// //! Fix: …
/// fn main() {
///     //~ good: the_right_line();
///     the_wrong_line();
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Case {
    /// Its file name without the extension; it names the kind of mistake.
    pub name: String,
    /// The program.
    pub path: PathBuf,
    /// The error's code, or `error` for one of our macros' own.
    pub code: String,
    /// What the first error must say.
    pub sentence: String,
    /// The most lines the compiler may print, for the mistakes that people make daily.
    pub at_most: Option<usize>,
    /// Why it is a mistake.
    pub why: String,
    /// How to mend it.
    pub fix: String,
    text: String,
}

/// The folder `name` of this crate.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every case, in the order of their names.
///
/// # Errors
/// A file that cannot be read, or that does not have the form of a case; the error says which.
pub fn cases() -> io::Result<Vec<Case>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder("cases"))?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    paths.iter().map(|path| Case::read(path)).collect()
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// The file cannot be read or does not have the form of a case.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let parsed = Self::parse(path, &text);
        parsed.map_err(|what| io::Error::other(format!("{}: {what}", path.display())))
    }

    fn parse(path: &Path, text: &str) -> Result<Self, &'static str> {
        let header: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        let header = header.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
        let paragraph = |label: &str| {
            let found = header.split("\n\n").find_map(|paragraph| paragraph.strip_prefix(label));
            found.map(|paragraph| paragraph.trim().replace('\n', " "))
        };
        let mut lines = header.lines();
        let (code, sentence) = lines
            .next()
            .and_then(|line| line.split_once(": "))
            .ok_or("the first line must be `//! CODE: what the error says`")?;
        let at_most = lines
            .next()
            .and_then(|line| line.strip_prefix("At most ")?.strip_suffix(" lines."))
            .map(|number| number.parse().map_err(|_| "`At most N lines.` needs a number"))
            .transpose()?;
        if text.matches(MARKER).count() != 1 {
            return Err("exactly one line must start with `//~ good:`");
        }
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_owned(),
            code: code.to_owned(),
            sentence: sentence.to_owned(),
            at_most,
            why: paragraph("Why:").ok_or("a paragraph must start with `Why:`")?,
            fix: paragraph("Fix:").ok_or("a paragraph must start with `Fix:`")?,
            text: text.to_owned(),
        })
    }

    /// The wrong line and the right one.
    pub fn lines(&self) -> (&str, &str) {
        let mut lines = self.text.lines().map(str::trim);
        let good = lines.find_map(|line| line.strip_prefix(MARKER)).unwrap_or_default();
        (lines.next().unwrap_or_default(), good.trim())
    }

    /// Whether it is about providers, which need libvirt's headers.
    pub fn needs_libvirt(&self) -> bool {
        self.text.contains("harmony_providers::")
    }

    /// Whether it can be compiled by this build.
    pub fn is_buildable(&self) -> bool {
        cfg!(feature = "libvirt") || !self.needs_libvirt()
    }

    /// The program without the mistake.
    pub fn twin(&self) -> String {
        let mut twin = String::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(good) = line.trim_start().strip_prefix(MARKER) {
                lines.next();
                twin.push_str(good.trim());
            } else {
                twin.push_str(line);
            }
            twin.push('\n');
        }
        twin
    }

    /// What the compiler was last seen to say, or nothing.
    ///
    /// # Errors
    /// There is such a file and it cannot be read.
    pub fn said(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.path.with_extension("stderr")) {
            Ok(said) => Ok(Some(said)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is wrong with `said`, if anything: its first error is ours, it is the only one, it is short.
    pub fn judge(&self, said: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let opening = match self.code.as_str() {
            "error" => "error: ".to_owned(),
            code => format!("error[{code}]: "),
        };
        let first = said.split("\n\n").next().unwrap_or_default();
        if !first.starts_with(&opening) {
            faults.push(format!("the first error is not {opening}…"));
        }
        if !plain(first).contains(&plain(&self.sentence)) {
            faults.push(format!("the first error does not say: {}", self.sentence));
        }
        let errors = said.lines().filter(|line| line.starts_with("error")).count();
        if errors != 1 {
            faults.push(format!("{errors} errors instead of one"));
        }
        let length = said.trim_end().lines().count();
        if let Some(most) = self.at_most.filter(|most| length > *most) {
            faults.push(format!("{length} lines, more than {most}"));
        }
        faults
    }
}

/// A message without margins and module paths: the compiler prints a path in full or not at all,
/// depending on what else is in scope.
fn plain(message: &str) -> String {
    let message =
        message.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ");
    let mut plain = String::new();
    for part in message.split_inclusive("::") {
        let name = part.strip_suffix("::").map(|_| part.trim_end_matches("::"));
        let module =
            name.map(|name| name.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_'));
        plain.push_str(module.unwrap_or(part));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! E0277: no such role\n//! At most 20 lines.\n//!\n//! Why: it\n//! is.\n//!\n//! Fix: do.\nfn main() {\n    //~ good: good();\n    bad();\n}\n";

    fn case() -> Case {
        Case::parse(Path::new("cases/some_mistake.rs"), TEXT).expect("it is a case")
    }

    #[test]
    fn the_header_says_what_there_is_to_say() {
        let case = case();
        assert_eq!((case.name.as_str(), case.at_most), ("some_mistake", Some(20)));
        assert_eq!((case.why.as_str(), case.fix.as_str()), ("it is.", "do."));
    }

    #[test]
    fn a_twin_differs_in_one_line() {
        assert_eq!(case().lines(), ("bad();", "good();"));
        assert!(case().twin().ends_with("fn main() {\ngood();\n}\n"));
    }

    #[test]
    fn the_first_error_must_be_ours() {
        let case = case();
        assert_eq!(case.judge("error[E0277]: no such\n  |   role\n"), Vec::<String>::new());
        assert_eq!(case.judge("error[E0308]: no such role\n").len(), 1);
        assert_eq!(case.judge("error[E0277]: other\n\nerror: no such role\n").len(), 2);
        assert_eq!(
            case.judge(&format!("error[E0277]: no such role\n{}", "x\n".repeat(20))).len(),
            1
        );
    }

    #[test]
    fn module_paths_are_not_compared() {
        assert_eq!(plain("`a::b_c::D<e::F>`\n  | g"), "`D<F>` g");
        assert_eq!(plain("`D::<P>::advance`"), plain("`a::D::<P>::advance`"));
    }

    #[test]
    fn a_file_without_the_form_is_refused() {
        for text in ["fn main() {}", "//! E0277: x\n", "//! E0277: x\n//~ good: x"] {
            assert!(Case::parse(Path::new("x.rs"), text).is_err(), "{text}");
        }
    }
}
