//! The command line, as transcripts: `tests/cmd/*.md`, the README and the pages in `docs/`.
//!
//! A `console` block is run line by line in bash, in a temporary folder for its file that contains
//! `samples/`, `schemas/`, `fixtures/` and `captures/`. The output on both streams must equal that of the block.
//! `[exit 1]` is the exit status, `[..]` matches any text in a line, and `...` matches any lines.
//! With `UPDATE=1`, the output is written to the file instead: review it before you commit it.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use libtest_mimic::{Arguments, Failed, Trial};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn main() {
    let arguments = Arguments::from_args();
    let trials = files().into_iter().map(|file| {
        let name = file
            .strip_prefix(ROOT)
            .unwrap_or(&file)
            .display()
            .to_string();
        Trial::test(name, move || run(&file))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut files = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for folder in ["tests/cmd", "docs"] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            continue;
        };
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

/// Runs the blocks of a file and compares, or writes down, what they print.
fn run(file: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(file)?;
    let folder = tempfile::tempdir()?;
    let root = Path::new(ROOT);
    for (name, target) in [
        ("samples", "samples"),
        ("schemas", "schemas"),
        ("fixtures", "tests/cmd/fixtures"),
        ("captures", "tests/captures"),
    ] {
        symlink(root.join(target), folder.path().join(name))?;
    }
    let mut actual = String::new();
    let mut lines = text.lines().peekable();
    let mut in_block = false;
    while let Some(line) = lines.next() {
        actual.push_str(line);
        actual.push('\n');
        if line.starts_with("```") {
            in_block = line == "```console";
        } else if in_block && let Some(command) = line.strip_prefix("$ ") {
            let mut command = command.to_owned();
            while let Some(more) = lines.peek().and_then(|line| line.strip_prefix("> ")) {
                command.push('\n');
                command.push_str(more);
                writeln!(actual, "> {more}")?;
                lines.next();
            }
            let is_able = !command.contains("jq ") || has_jq();
            if is_able {
                actual.push_str(&print(&command, folder.path())?);
            } else {
                let stderr = &mut std::io::stderr();
                std::io::Write::write_fmt(
                    stderr,
                    format_args!("passed over, since jq is not installed: {command}\n"),
                )?;
            }
            while lines
                .peek()
                .is_some_and(|line| !line.starts_with("$ ") && *line != "```")
            {
                let printed = lines.next().unwrap_or_default();
                if !is_able {
                    writeln!(actual, "{printed}")?;
                }
            }
        }
    }
    if env::var_os("UPDATE").is_some() {
        return Ok(fs::write(file, actual)?);
    }
    let assert = snapbox::Assert::new().normalize_paths(false);
    let (actual, expected) = (snapbox::Data::text(actual), snapbox::Data::text(text));
    Ok(assert.try_eq(None, actual, expected)?)
}

/// Some transcripts show how to go on with jq; nothing else needs it. git makes the repositories.
fn has_jq() -> bool {
    Command::new("jq").arg("--version").output().is_ok()
}

/// What a command prints, and how it ends if not well.
fn print(command: &str, folder: &Path) -> Result<String, Failed> {
    let binary = Path::new(env!("CARGO_BIN_EXE_mewshook"));
    let mut path = binary
        .parent()
        .map(PathBuf::from)
        .unwrap_or_default()
        .into_os_string();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env("COLUMNS", "80")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CLICOLOR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .output()?;
    let mut printed = String::from_utf8(output.stdout)?;
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push_str("[no line break]\n");
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(printed, "[exit {code}]")?,
        None => {
            return Err(format!(
                "{command}: {}, from process {}",
                output.status,
                process::id()
            )
            .into());
        }
    }
    Ok(printed)
}
