//! Runs `listen`, and delivers to it.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use tempfile::TempDir;

/// A running `listen`.
pub struct Listening {
    pub address: SocketAddr,
    child: Mutex<Child>,
    /// What was read of its output.
    stdout: Mutex<(Option<BufReader<ChildStdout>>, String)>,
    stderr: Mutex<(BufReader<ChildStderr>, String)>,
}

impl Listening {
    /// Starts the program on a port that the system chooses.
    pub fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mewshook"));
        Self::spawn(folder, &mut command, arguments)
    }

    /// Starts the program by another one, which runs its arguments.
    pub fn start_with(folder: &TempDir, command: &mut Command, arguments: &[&str]) -> Self {
        Self::spawn(
            folder,
            command.arg(env!("CARGO_BIN_EXE_mewshook")),
            arguments,
        )
    }

    fn spawn(folder: &TempDir, command: &mut Command, arguments: &[&str]) -> Self {
        let mut child = command
            .args(["listen", "--port", "0"])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut text = String::new();
        let address = loop {
            let start = text.len();
            assert!(stderr.read_line(&mut text).unwrap() > 0, "{text}");
            if let Some(url) = text[start..].strip_prefix("note: listening on http://") {
                break url.trim_end().trim_end_matches('/').parse().unwrap();
            }
        };
        Self {
            address,
            child: Mutex::new(child),
            stdout: Mutex::new((Some(stdout), String::new())),
            stderr: Mutex::new((stderr, text)),
        }
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let id = self.child.lock().unwrap().id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills the program.
    pub fn kill(&self) {
        self.child.lock().unwrap().kill().unwrap();
    }

    /// Reads standard output until a line comes.
    pub fn wait_for(&self, line: &str) {
        let (stdout, text) = &mut *self.stdout.lock().unwrap();
        let stdout = stdout.as_mut().unwrap();
        loop {
            let start = text.len();
            assert!(stdout.read_line(text).unwrap() > 0, "{text}");
            if &text[start..] == line {
                return;
            }
        }
    }

    /// Reads standard error until a line comes.
    pub fn wait_for_message(&self, line: &str) {
        let (stderr, text) = &mut *self.stderr.lock().unwrap();
        loop {
            let start = text.len();
            assert!(stderr.read_line(text).unwrap() > 0, "{text}");
            if &text[start..] == line {
                return;
            }
        }
    }

    /// Closes the pipe that the program writes to.
    pub fn close_stdout(&self) {
        self.stdout.lock().unwrap().0 = None;
    }

    /// Sends a signal, and waits for the end.
    pub fn stop(self, signal: &str) -> (Option<i32>, String, String) {
        self.signal(signal);
        self.wait()
    }

    /// Waits for the end. Returns the exit status, stdout and stderr.
    pub fn wait(self) -> (Option<i32>, String, String) {
        let (stdout, mut text) = self.stdout.into_inner().unwrap();
        if let Some(mut stdout) = stdout {
            stdout.read_to_string(&mut text).unwrap();
        }
        let (mut stderr, mut messages) = self.stderr.into_inner().unwrap();
        stderr.read_to_string(&mut messages).unwrap();
        let status = self.child.into_inner().unwrap().wait().unwrap();
        (status.code(), text, messages)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The head, with the empty line at its end.
    pub head: String,
    pub body: Vec<u8>,
}

/// A connection to a listener.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    /// Sends bytes. The listener may be gone.
    pub fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes);
    }

    /// Sends a delivery.
    pub fn post(&mut self, target: &str, headers: &[&str], body: &[u8]) {
        let headers: String = headers.iter().flat_map(|line| [line, "\r\n"]).collect();
        let length = body.len();
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: a.test\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        self.send(&[head.as_bytes(), body].concat());
    }

    pub fn answer(&mut self) -> Answer {
        self.try_answer().unwrap()
    }

    /// Reads an answer, or returns `None` if the connection ends without one.
    pub fn try_answer(&mut self) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).unwrap_or(0) == 0 {
                return None;
            }
        }
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).ok()?;
        Some(Answer { status, head, body })
    }
}

/// Delivers a body on a connection of its own.
pub fn post(address: SocketAddr, target: &str, body: &[u8]) -> Answer {
    let mut connection = Connection::open(address);
    connection.post(target, &["Connection: close"], body);
    connection.answer()
}
