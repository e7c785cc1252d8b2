//! Starts the receivers of `examples/receivers/`: those in Rust on a thread of the test, others as
//! processes. All have the same options, print the same line when they are ready, and end when their
//! standard input does.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "../../examples/receivers/main.rs"]
pub mod example;

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// A receiver that is ready. It ends when it is dropped.
pub struct RunningReceiver {
    pub url: String,
    /// Closing it ends the receiver.
    stdin: Option<Box<dyn Write + Send>>,
    stdout: BufReader<Box<dyn Read + Send>>,
    /// Waits for the end, and returns whether it was a success.
    wait: Option<Box<dyn FnOnce() -> bool + Send>>,
}

impl RunningReceiver {
    /// Starts the example with these arguments, and with these environment variables.
    pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let (stdin, input) = pipe();
        let (mut output, stdout) = pipe();
        let owned = |text: &&str| (*text).to_owned();
        let arguments: Vec<String> = ["receivers"].iter().chain(arguments).map(owned).collect();
        let variables: Vec<(String, String)> = variables
            .iter()
            .map(|(name, value)| (owned(name), owned(value)))
            .collect();
        let thread = thread::spawn(move || {
            let variable = |name: &str| {
                let mut variables = variables.iter();
                let (_, value) = variables.find(|(it, _)| it == name)?;
                Some(value.clone())
            };
            let arguments = arguments.into_iter().map(OsString::from);
            example::run(arguments, &variable, input, &mut output)
        });
        let wait = move || thread.join().unwrap() == std::process::ExitCode::SUCCESS;
        Self::ready(Box::new(stdin), Box::new(stdout), Box::new(wait))
    }

    /// Starts a good Express receiver, or one with a mistake. Returns `None`, with a message, where its
    /// modules are not installed.
    pub fn express(arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
        let folder = folder("express");
        if !folder.join("node_modules/express").is_dir() {
            return skip("express", "`npm install` in examples/receivers/express");
        }
        let mut node = Command::new("node");
        node.arg(folder.join("index.js"));
        Some(Self::process(node, arguments, variables))
    }

    /// Starts a good Flask receiver, or one with a mistake. Returns `None`, with a message, where its
    /// modules are not installed for the `python3` that is found first.
    pub fn flask(arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
        let mut import = Command::new("python3");
        import
            .args(["-c", "import flask, waitress"])
            .stderr(Stdio::null());
        if !import.status().is_ok_and(|status| status.success()) {
            let install = "`pip install -r examples/receivers/flask/requirements.txt`";
            return skip("flask", install);
        }
        let mut python = Command::new("python3");
        python.arg(folder("flask").join("app.py"));
        Some(Self::process(python, arguments, variables))
    }

    fn process(mut command: Command, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        command
            .args(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = child.stdout.take().unwrap();
        let wait = move || child.wait().unwrap().success();
        Self::ready(Box::new(stdin), Box::new(stdout), Box::new(wait))
    }

    fn ready(
        stdin: Box<dyn Write + Send>,
        stdout: Box<dyn Read + Send>,
        wait: Box<dyn FnOnce() -> bool + Send>,
    ) -> Self {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("expected the line of a receiver: {line:?}"));
        Self {
            url: url.to_owned(),
            stdin: Some(stdin),
            stdout,
            wait: Some(wait),
        }
    }

    /// Ends the receiver, and returns what it printed at the end.
    pub fn end(mut self) -> String {
        drop(self.stdin.take());
        let mut totals = String::new();
        self.stdout.read_to_string(&mut totals).unwrap();
        assert!(self.wait.take().is_some_and(|wait| wait()));
        totals
    }
}

impl Drop for RunningReceiver {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if let Some(wait) = self.wait.take() {
            wait();
        }
    }
}

fn pipe() -> (std::io::PipeWriter, std::io::PipeReader) {
    let (reader, writer) = std::io::pipe().unwrap();
    (writer, reader)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/receivers");
    folder.join(name)
}

#[expect(clippy::print_stderr, reason = "it says what was not tested")]
fn skip<T>(name: &str, install: &str) -> Option<T> {
    eprintln!("skipped: {name} is not installed: {install}");
    None
}
