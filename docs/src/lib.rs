//! Compiles every Rust block of the book, and holds its worked example.
#![forbid(unsafe_code)]

pub mod database;

#[cfg(doctest)]
mod book;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// The folders that pages are in; the decisions are a link to the top of the repository.
    const FOLDERS: [&str; 3] = ["", "errors", "adr"];
    const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

    /// The pages below `folder`, as `SUMMARY.md` names them.
    fn pages(folder: &str) -> BTreeSet<String> {
        let files = fs::read_dir(Path::new(SOURCES).join(folder)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let pages = names.filter(|name| is_markdown(name) && name != "SUMMARY.md");
        pages.map(|name| Path::new(folder).join(name).to_str().unwrap().to_owned()).collect()
    }

    fn is_markdown(name: &str) -> bool {
        Path::new(name).extension().is_some_and(|kind| kind == "md")
    }

    fn read(page: &str) -> String {
        fs::read_to_string(Path::new(SOURCES).join(page)).unwrap()
    }

    /// The pages that the summary names.
    fn named() -> BTreeSet<String> {
        let summary = read("SUMMARY.md");
        let links = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        links.map(str::to_owned).collect()
    }

    #[test]
    fn every_chapter_is_in_the_summary() {
        let missing: Vec<_> = pages("").difference(&named()).cloned().collect();
        assert!(missing.is_empty(), "add to docs/src/SUMMARY.md: {missing:?}");
    }

    #[test]
    fn the_summary_names_no_page_that_is_gone() {
        let there: BTreeSet<String> = FOLDERS.into_iter().flat_map(pages).collect();
        let dangling: Vec<_> = named().difference(&there).cloned().collect();
        assert!(dangling.is_empty(), "run `cargo xtask docs`, which lists pages: {dangling:?}");
    }

    #[test]
    fn every_page_with_rust_in_it_is_compiled() {
        let compiled = read("book.rs");
        let all = FOLDERS.into_iter().flat_map(pages);
        let forgotten: Vec<_> = all
            .filter(|page| {
                read(page).contains("```rust") && !compiled.contains(&format!("\"{page}\""))
            })
            .collect();
        assert!(forgotten.is_empty(), "add to docs/src/book.rs: {forgotten:?}");
    }

    /// A text without its layout.
    fn words(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn the_coding_guide_shows_code_that_exists() {
        let repository = Path::new(SOURCES).join("../..");
        let guide = fs::read_to_string(repository.join("CONTRIBUTING.md")).unwrap();
        let mut source = String::new();
        for (number, part) in guide.split("```").enumerate() {
            if let Some(excerpt) = part.strip_prefix("rust\n") {
                let shown = words(excerpt);
                assert!(words(&source).contains(&shown), "gone from its file:\n{excerpt}");
            } else if number % 2 == 0 {
                let linked = part.rsplit("](").next().and_then(|link| link.split(')').next());
                let path = repository.join(linked.unwrap());
                source = fs::read_to_string(path).unwrap_or_default();
            }
        }
    }

    #[test]
    fn no_block_is_kept_from_the_compiler() {
        for page in FOLDERS.into_iter().flat_map(pages) {
            assert!(!read(&page).contains("```rust,ignore"), "{page}");
        }
    }
}
