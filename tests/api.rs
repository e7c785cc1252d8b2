//! Tests the public names of the library: no two types share a name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The library's files: all but those of the program.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    const PROGRAM: [&str; 5] = ["cli", "cli.rs", "commands", "main.rs", "streams.rs"];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| PROGRAM.contains(&name)) {
            continue;
        }
        if path.is_dir() {
            sources(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[test]
fn no_two_public_types_share_a_name() -> io::Result<()> {
    let mut files = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&source, &mut files)?;
    let mut types = BTreeMap::<String, Vec<PathBuf>>::new();
    for path in files {
        for line in fs::read_to_string(&path)?.lines() {
            let words = ["struct", "enum", "trait", "type"];
            let declared = words
                .iter()
                .find_map(|word| line.strip_prefix(&format!("pub {word} ")));
            if let Some(rest) = declared {
                let name = rest.split(|letter: char| !letter.is_alphanumeric()).next();
                types
                    .entry(name.unwrap_or_default().to_owned())
                    .or_default()
                    .push(path.clone());
            }
        }
    }
    assert!(types.len() > 50, "{types:?}");
    types.retain(|_, files| files.len() > 1);
    assert!(types.is_empty(), "{types:#?}");
    Ok(())
}
