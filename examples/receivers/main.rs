//! A good receiver of Mews webhooks, and receivers with one mistake each.
//!
//! The good one is a model to copy. It uses axum, and of this crate only what is compiled without
//! features. The mistakes are there to test tests of receivers: each replaces one step of the good
//! one. `README.md` explains how to run them.
//!
//! A delivery passes through these modules:
//!
//! ```text
//!  server        checks the URL's token, limits the body, answers
//!     │ message       what the body says; signature: of POS messages, over the raw body
//!     ▼
//!  receiver      keeps what must be fetched, until it is
//!     │ integrations  tokens, and which integrations may be called for
//!     │ pending       the entities, each once
//!     ▼
//!  worker        takes batches, and waits where the API says so
//!     │ fetch         which requests a batch needs
//!     ▼
//!  api           one request
//! ```
//!
//! `steps` lists what a mistake can replace, and `mistakes` has them all.

mod api;
mod arguments;
mod fetch;
mod integrations;
mod message;
mod mistakes;
mod pending;
mod receiver;
mod server;
mod signature;
mod steps;
mod worker;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use clap::Parser as _;
use mewshook::models::Secret;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use mistakes::MISTAKES;

use api::Api;
use arguments::Arguments;
use receiver::Receiver;
use steps::Steps;

fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    run(
        std::env::args_os(),
        &variable,
        io::stdin(),
        &mut io::stdout(),
    )
}

/// Runs a receiver until its standard input ends.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variable: &dyn Fn(&str) -> Option<String>,
    stdin: impl Read + Send + 'static,
    stdout: &mut dyn Write,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let result = if arguments.list {
        list(stdout)
    } else {
        serve(&arguments, variable, stdin, stdout)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(3)
        }
    }
}

fn list(stdout: &mut dyn Write) -> io::Result<()> {
    let width = MISTAKES.iter().map(|mistake| mistake.name.len()).max();
    let width = width.unwrap_or_default();
    for mistake in MISTAKES {
        writeln!(stdout, "{:width$}  {}", mistake.name, mistake.summary)?;
    }
    Ok(())
}

fn serve(
    arguments: &Arguments,
    variable: &dyn Fn(&str) -> Option<String>,
    stdin: impl Read + Send + 'static,
    stdout: &mut dyn Write,
) -> io::Result<()> {
    let secret = |name: &Option<String>| secret(name.as_deref(), variable);
    let steps = arguments
        .mistake
        .as_deref()
        .and_then(mistakes::by_name)
        .map_or(Steps::GOOD, |mistake| mistake.steps);
    let token = secret(&arguments.token_env)?;
    let pos_secret = secret(&arguments.secret_env)?;
    let receiver = Arc::new(Receiver::new(
        steps,
        token,
        pos_secret,
        arguments.api.is_some(),
    ));
    if let Some(base) = &arguments.api {
        let client_token = secret(&arguments.client_token_env)?;
        let api = Api::new(base, client_token);
        let receiver = Arc::clone(&receiver);
        thread::spawn(move || worker::work(&receiver, &api));
    }

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
        let address = listener.local_addr()?;
        writeln!(stdout, "listening on http://{address}{}", server::PATH)?;
        stdout.flush()?;
        let app = server::app(Arc::clone(&receiver));
        tokio::select! {
            result = axum::serve(listener, app) => result,
            () = end_of(stdin) => Ok(()),
        }
    });
    receiver.close();
    // Who reads the first line only may be gone by now.
    let _ = writeln!(stdout, "{}", receiver.totals());
    result
}

/// Returns the secret in a variable of the environment, if a name is given.
fn secret(
    name: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> io::Result<Option<Secret>> {
    let Some(name) = name else { return Ok(None) };
    match variable(name) {
        Some(value) if !value.is_empty() => Ok(Some(Secret::new(value))),
        _ => Err(io::Error::other(format!(
            "the environment variable {name} is not set, or empty"
        ))),
    }
}

/// Completes when a stream ends.
async fn end_of(mut stream: impl Read + Send + 'static) {
    let (sender, receiver) = oneshot::channel::<()>();
    // A thread, since standard input can't be read asynchronously without one.
    thread::spawn(move || {
        let _ = io::copy(&mut stream, &mut io::sink());
        drop(sender);
    });
    let _ = receiver.await;
}
