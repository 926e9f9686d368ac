//! The table of contents of the book, as far as it follows from the folders.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Folders whose pages are listed below their `README.md`, one line a page.
const LISTED: [&str; 2] = ["errors", "adr"];

/// Brings the lists of `SUMMARY.md` in `sources` up to date.
pub(crate) fn refresh(sources: &Path) -> Result<()> {
    let path = sources.join("SUMMARY.md");
    let mut summary = fs::read_to_string(&path).context("reading the book's summary")?;
    for folder in LISTED {
        summary = with_list(&summary, folder, &pages(sources, folder)?);
    }
    Ok(fs::write(path, summary)?)
}

/// The pages of `folder` as lines of the summary, titled after their first heading.
fn pages(sources: &Path, folder: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(sources.join(folder))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    names.retain(|name| Path::new(name).extension().is_some_and(|kind| kind == "md"));
    names.retain(|name| name != "README.md");
    let line = |name: &String| {
        let text = fs::read_to_string(sources.join(folder).join(name))?;
        Ok(format!("    - [{}]({folder}/{name})", title(&text)))
    };
    names.iter().map(line).collect()
}

/// The first heading, without the number of a decision.
fn title(text: &str) -> &str {
    let heading = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
    match heading.split_once(". ") {
        Some((number, title)) if number.parse::<u32>().is_ok() => title,
        _ => heading,
    }
}

fn with_list(summary: &str, folder: &str, pages: &[String]) -> String {
    let below = format!("({folder}/");
    let index = format!("({folder}/README.md)");
    let mut lines = Vec::new();
    for line in summary.lines() {
        if line.contains(&index) {
            lines.push(line);
            lines.extend(pages.iter().map(String::as_str));
        } else if !line.contains(&below) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_titled_without_its_number() {
        assert_eq!(title("# 0003. Carry is not edge\n\ntext"), "Carry is not edge");
        assert_eq!(title("# Secret printed\n"), "Secret printed");
    }

    #[test]
    fn a_list_is_replaced_and_the_rest_stays() {
        let summary = "- [Errors](errors/README.md)\n    - [Old](errors/old.md)\n- [Cli](cli.md)\n";
        let pages = ["    - [New](errors/new.md)".to_owned()];
        assert_eq!(
            with_list(summary, "errors", &pages),
            "- [Errors](errors/README.md)\n    - [New](errors/new.md)\n- [Cli](cli.md)\n"
        );
    }

    #[test]
    fn pages_are_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("errors")).unwrap();
        for (name, text) in [("b.md", "# B\n"), ("a.md", "# A\n"), ("README.md", "# All\n")] {
            fs::write(folder.path().join("errors").join(name), text).unwrap();
        }
        assert_eq!(
            pages(folder.path(), "errors").unwrap(),
            ["    - [A](errors/a.md)", "    - [B](errors/b.md)"]
        );
    }
}
