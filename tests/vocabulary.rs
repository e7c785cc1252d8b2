//! Tests that no identifier contains a word that the vocabulary in CONTRIBUTING.md excludes.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ignore::Walk;
use proc_macro2::{TokenStream, TokenTree};

/// Returns the single words of the column "not" of the vocabulary.
fn forbidden() -> BTreeSet<String> {
    let text = include_str!("../CONTRIBUTING.md");
    let (_, table) = text.split_once("| word | means | not |").unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next())
        .flat_map(|cell| cell.split(','))
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty() && !word.contains(' '))
        .collect()
}

/// Adds all identifiers of Rust code; comments and strings are none.
fn collect(code: TokenStream, identifiers: &mut BTreeSet<String>) {
    for token in code {
        match token {
            TokenTree::Ident(identifier) => drop(identifiers.insert(identifier.to_string())),
            TokenTree::Group(group) => collect(group.stream(), identifiers),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Returns the words of an identifier in lower case: `FrameRange` and `frame_range` have two.
fn words(identifier: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in identifier.split('_') {
        let mut word = String::new();
        let mut was_upper = true;
        for letter in part.chars() {
            if letter.is_uppercase() && !was_upper {
                words.push(std::mem::take(&mut word));
            }
            was_upper = letter.is_uppercase();
            word.extend(letter.to_lowercase());
        }
        words.push(word);
    }
    words
}

#[test]
fn identifiers_have_words() {
    assert_eq!(words("FrameRange"), ["frame", "range"]);
    assert_eq!(words("frame_range"), ["frame", "range"]);
    assert_eq!(words("MAX_DEPTH"), ["max", "depth"]);
}

#[test]
fn no_identifier_has_a_forbidden_word() {
    let forbidden = forbidden();
    assert!(
        forbidden.contains("crew") && forbidden.len() > 10,
        "{forbidden:?}"
    );
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut files = 0;
    for entry in Walk::new(source) {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        files += 1;
        let code = fs::read_to_string(&path).unwrap().parse().unwrap();
        let mut identifiers = BTreeSet::new();
        collect(code, &mut identifiers);
        for identifier in identifiers {
            if words(&identifier)
                .iter()
                .any(|word| forbidden.contains(word))
            {
                found.push(format!("{}: {identifier}", path.display()));
            }
        }
    }
    assert!(files > 100);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
