//! Runs the program in a temporary folder.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Output, Stdio};

pub use tempfile::TempDir;

pub const PAYLOAD: &str = "{\"Action\": \"IntegrationEnabled\", \"Data\": {\"Integration\": {\"Id\": \"9e5e84e9-974d-4f16-9662-ab2200f27cb1\", \"Name\": \"Example\"}}}\n";
pub const SECRET: &str =
    "{\"ApiKey\": \"C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F\"}\n";
pub const OLD: &str = "old\n";

/// Returns a command that runs the program in a folder.
pub fn mewshook(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mewshook"));
    command
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program, and returns its exit status, stdout and stderr.
pub fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    outcome(mewshook(folder, arguments).output().unwrap())
}

/// Returns the exit status, stdout and stderr of a finished program.
pub fn outcome(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code();
    (code, text(output.stdout), text(output.stderr))
}

/// Creates a temporary folder with files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Returns the text of a file.
pub fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Returns the sorted names of the files in a folder.
pub fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Returns `true` if this process runs as root.
pub fn is_root() -> bool {
    let folder = tempfile::tempdir().unwrap();
    folder.path().metadata().unwrap().uid() == 0
}

/// Returns a command that runs as a user who owns no files, or `None` if this process cannot switch
/// users.
pub fn as_nobody(mut command: Command) -> Option<Command> {
    use std::os::unix::process::CommandExt;
    command.uid(65534).gid(65534);
    is_root().then_some(command)
}
