//! Tests that names and arguments with arbitrary content are printed as text, without anything that
//! a terminal or a CI server obeys.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::symlink;

use program::*;
use proptest::prelude::*;

/// Returns a strategy for names: commands of servers and terminals in several notations, and plain
/// text.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            &b"\n::error file=a,line=1::forged"[..],
            b"\n##[error]forged",
            b"##vso[task.complete result=Failed]",
            b"\r::warning::forged",
            b"::stop-commands::x",
            b"\x1b[31m",
            b"\x1b]0;title\x07",
            b"\xc2\x9b2J",
            b"\xe2\x80\xaee",
            b"\xe2\x80\xa8::error::x",
            b"\x7f\x08\x0c",
            b"\xff\xfe",
            b"{n}::error::x",
            b"--",
            b"=",
            b"-",
            b"a",
            b" ",
            b"'",
            b"%0A::error::x",
            b"\xc3\xa9",
        ])
        .prop_map(<[u8]>::to_vec),
        any::<u8>()
            .prop_filter("no argument has it", |byte| *byte != 0)
            .prop_map(|byte| vec![byte]),
    ];
    let name = prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat());
    // The commands rewrite and create files, so a name must not lead out of the test's folder.
    name.prop_filter("it could lead out of the folder", |name| {
        !name.contains(&b'/') && !name.windows(2).any(|pair| pair == b"..")
    })
}

/// Command lines with `@` in place of a name.
const COMMAND_LINES: &[&[&str]] = &[
    &["@"],
    &["@", "x"],
    &["--@"],
    &["-@"],
    &["--color", "@", "explain"],
    &["--color=@"],
    &["help", "@"],
    &["validate", "@"],
    &["validate", "--", "@"],
    &["validate", "./@"],
    &["validate", "@/x.json"],
    &["validate", "--verbose", "set", "@"],
    &["validate", "--@"],
    &["validate", "--kind", "@"],
    &["validate", "--kind=@"],
    &["validate", "--allow", "@"],
    &["validate", "--expect=a,@"],
    &["validate", "--format", "@"],
    &["validate", "--output", "@"],
    &["validate", "--output", "@=x"],
    &["validate", "--output", "json=no/@"],
    &["validate", "--output", "json=a.json@", "a.json"],
    &["validate", "--jobs", "@"],
    &["validate", "--max-depth=@"],
    &["validate", "--glob", "@", "set"],
    &["validate", "--glob", "a[@", "set"],
    &["validate", "--config", "@", "a.json"],
    &["validate", "--config", "set/@", "a.json"],
    &["validate", "--files-from", "@"],
    &["validate", "--quiet", "--format", "short", "@"],
    &["validate", "--format", "short", "@"],
    &["validate", "--format", "github", "@"],
    &["inspect", "--strict", "--follow", "@", "a.json"],
    &["config", "@"],
    &["config", "--config", "@", "a.json"],
    &["redact", "@"],
    &["redact", "--in-place", "@"],
    &["redact", "--check", "@", "a.json"],
    &["redact", "--key-file", "@", "a.json"],
    &["redact", "--keep", "@", "a.json"],
    &["sample", "@"],
    &["sample", "--set", "@"],
    &["sample", "--set", "/@=1"],
    &["sample", "--remove", "/@"],
    &["sample", "--at", "@"],
    &["sample", "--enterprise", "@"],
    &["sample", "--invalid", "@"],
    &["sample", "--count", "@"],
    &["sample", "--out-dir", "a.json/@"],
    &["sample", "--out-dir", "out/@"],
    &["schema", "@"],
    &["schema", "--out-dir", "a.json/@"],
    &["schema", "--out-dir", "out/@"],
    &["explain", "@"],
    &["completions", "@"],
    &["man", "@"],
    &["@", "validate"],
];

fn arguments(command_line: &[&str], name: &[u8]) -> Vec<OsString> {
    let put = |argument: &&str| {
        let parts: Vec<&[u8]> = argument.split('@').map(str::as_bytes).collect();
        OsString::from_vec(parts.join(name))
    };
    command_line.iter().map(put).collect()
}

/// Returns the first text that a terminal or a CI server obeys, if there is any.
fn find_command(text: &str, is_report: bool) -> Option<String> {
    let is_unsafe = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || "\u{200e}\u{200f}\u{61c}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(*letter)
    };
    if let Some(letter) = text.chars().find(is_unsafe) {
        return Some(format!("{letter:?} in {text:?}"));
    }
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::") && !(is_report && line.starts_with("::error "))
            || line.contains("##[")
            || line.contains("##vso[")
            || line.contains("forged") && line.starts_with("forged")
    };
    text.lines().find(is_command).map(ToOwned::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn names_are_printed_as_text(
        name in hostile(),
        command_line in prop::sample::select(COMMAND_LINES),
        exists in any::<bool>(),
    ) {
        let folder = folder(&[("a.json", PAYLOAD), ("set/b.json", SECRET)]);
        // If the name is valid for a file, that file may exist.
        let path = folder.path().join(OsStr::from_bytes(&name));
        if exists && !name.contains(&b'/') && !path.exists() {
            fs::write(path, SECRET).unwrap();
        }
        let mut command = mewshook(&folder, &[]);
        command.args(arguments(command_line, &name));
        let plain = command.output().unwrap();
        prop_assert!(plain.status.code().is_some_and(|code| code < 4), "{plain:?}");
        // These commands print payloads, in which a name is data.
        let is_data = ["sample", "redact"].contains(&command_line[0]) && !command_line.contains(&"--check");
        for text in [&plain.stderr, &plain.stdout].into_iter().take(if is_data { 1 } else { 2 }) {
            let text = String::from_utf8(text.clone()).unwrap();
            let is_report = command_line.contains(&"github");
            prop_assert_eq!(find_command(&text, is_report), None, "{:?}", arguments(command_line, &name));
        }
        // In coloured output, the only escape sequences set colours.
        let coloured = command.env("CLICOLOR_FORCE", "1").output().unwrap();
        let text = String::from_utf8(coloured.stderr).unwrap();
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once('\u{1b}') {
            let end = after.find(|letter: char| !"[;0123456789".contains(letter));
            prop_assert_eq!(&after[end.unwrap()..=end.unwrap()], "m", "{:?}", text);
            rest = &after[end.unwrap()..];
        }
    }
}

/// Commands that find names in a folder.
const WALKS: &[&[&str]] = &[
    &["validate", "--verbose", "."],
    &["validate", "--format", "short", "--glob", "*", "."],
    &["validate", "--format", "github", "--glob", "*", "."],
    &["validate", "--glob", "*", "."],
    &["inspect", "--glob", "*", "."],
    &["config", "--glob", "*", "."],
    &["redact", "--check", "--glob", "*", "."],
    &["redact", "--in-place", "--glob", "*", "."],
    &["validate", "--files-from", "list"],
];

/// Fails if a command that finds a name in a folder prints text that a terminal or a CI server
/// obeys.
fn check_walk(name: &[u8], walk: &[&str]) -> Result<(), TestCaseError> {
    let folder = folder(&[("set/b.json", SECRET)]);
    let at = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
    let is_name = !name.contains(&b'/') && ![&b"."[..], b".."].contains(&name);
    if is_name && !at(name).exists() {
        // Create a file, a folder with a file, a broken link, a link to another folder, and a glob.
        fs::write(at(name), SECRET).unwrap();
        let inner = at(&[name, b"d"].concat());
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("c.json"), PAYLOAD).unwrap();
        fs::write(inner.join("mewshook.toml"), "strict = 1").unwrap();
        symlink("nowhere", at(&[name, b"l.json"].concat())).unwrap();
        symlink("/etc/passwd", at(&[name, b"o.json"].concat())).unwrap();
    }
    fs::write(at(b".gitignore"), [b"b.json\n", name].concat()).unwrap();
    fs::write(at(b"list"), [name, b"\0x", name, b"\0"].concat()).unwrap();
    let output = mewshook(&folder, walk).output().unwrap();
    prop_assert!(
        output.status.code().is_some_and(|code| code < 4),
        "{output:?}"
    );
    for text in [output.stderr, output.stdout] {
        let text = String::from_utf8(text).unwrap();
        prop_assert_eq!(
            find_command(&text, walk.contains(&"github")),
            None,
            "{:?}",
            walk
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn found_names_are_printed_as_text(
        name in hostile(),
        walk in prop::sample::select(WALKS),
    ) {
        check_walk(&name, walk)?;
    }
}

/// Very long arguments are truncated.
#[test]
fn long_arguments_are_truncated() {
    let folder = folder(&[("a.json", PAYLOAD)]);
    let long = vec![b'x'; 120_000];
    for command_line in COMMAND_LINES {
        let output = mewshook(&folder, &[])
            .args(arguments(command_line, &long))
            .output()
            .unwrap();
        let (_, _, stderr) = outcome(output);
        assert!(
            stderr.len() < 7_000,
            "{command_line:?}: {} bytes",
            stderr.len()
        );
    }
}

/// Messages have clap's colours, whether or not they contain a name that is escaped.
#[test]
fn messages_keep_their_colours() {
    let folder = folder(&[]);
    for (name, shown) in [("x", "x"), ("x\n::error::y", "x\\u{a}::error::y")] {
        let mut command = mewshook(&folder, &["validate", "--format", name]);
        let (code, _, stderr) = outcome(command.env("CLICOLOR_FORCE", "1").output().unwrap());
        assert_eq!(code, Some(2));
        assert!(
            stderr.starts_with("\u{1b}[1m\u{1b}[31merror:"),
            "{stderr:?}"
        );
        assert!(stderr.contains(shown), "{stderr:?}");
    }
}
