//! The book's pages about mistakes show what the compiler really says.

use std::fs;

use ui_tests::suite::{Page, blessing, cases, pages};

#[test]
fn pages_are_up_to_date() {
    let cases = cases().expect("the cases are readable");
    let mut current = vec![Page::index(&cases)];
    for case in &cases {
        let said = case.said().expect("the snapshot is readable");
        current.extend(said.map(|said| Page::about(case, &said)));
    }
    let mut stale = Vec::new();
    for page in &current {
        if blessing() {
            fs::write(&page.path, &page.text).expect("the page is writable");
        } else if fs::read_to_string(&page.path).ok().as_ref() != Some(&page.text) {
            stale.push(&page.path);
        }
    }
    assert!(stale.is_empty(), "bring these up to date with `cargo xtask bless`: {stale:#?}");
}

#[test]
fn pages_belong_to_cases() {
    let names: Vec<String> =
        cases().expect("the cases are readable").into_iter().map(|case| case.name).collect();
    for entry in fs::read_dir(pages()).expect("the pages are readable") {
        let path = entry.expect("the pages are readable").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(name == "README" || names.contains(&name), "{} has no case", path.display());
    }
}
