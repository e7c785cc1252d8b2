//! `mewshook listen`: accepts deliveries, and records, shows and passes them on.

mod interrupt;
mod limits;
mod notes;
mod screen;

use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Context;
use mewshook::deliver::listen::{
    Access, Cursor, Forwarder, Journal, ListenCounts, ListenEvent, Listener, ListenerOptions,
    Opened, PlannedAnswers,
};
use mewshook::deliver::{ClientOptions, SecretText, Server, ServerLimits, Target};
use mewshook::frame::{CaptureMode, Limits};
use mewshook::input::{Label, Origin};
use mewshook::pool::Input;
use mewshook::report::{Style, Totals};

use crate::cli::{AccessArgs, ForwardArgs, ListenArgs};
use crate::files::refuse_stdout;
use crate::messages::{self, chain, path_name, usage};

use super::deliver::{secret_target, secrets};
use super::inputs::file;
use super::settings::{config_error, configs};
use super::{Status, is_broken_pipe};

use screen::Screen;

/// The number of deliveries that are passed on at a time.
const FORWARD_THREADS: usize = 8;

/// The number of events that wait to be shown.
const QUEUE_LENGTH: usize = 1024;

pub(super) fn run(args: &ListenArgs, style: Style) -> anyhow::Result<Status> {
    if args.show_secrets {
        messages::warning("secrets are shown: anyone who sees this output can use them");
    }
    let input = input(args)?;
    let access = access(&args.access)?;
    let target = handler(&args.forward)?;
    let is_relay = args.forward.relay;
    let cursors = 1 + usize::from(target.is_some() && !is_relay);
    let Opened {
        journal,
        mut cursors,
        torn_line,
        is_shared,
        ..
    } = open_journal(args, cursors)?;
    let server = bind(args, target.as_ref())?;
    let address = server.address()?;
    let stopper = server.stopper()?;
    let (events, receiver) = sync_channel(QUEUE_LENGTH);
    let respond = &args.respond;
    let options = ListenerOptions {
        access,
        answers: PlannedAnswers::new(
            respond.respond.clone(),
            respond.fail_rate.unwrap_or_default(),
            respond.seed,
        ),
        forwarder: target.map(|target| Forwarder::new(target, &ClientOptions::default())),
        is_relay,
        max_deliveries: args.count,
    };
    let listener = Listener::new(
        options,
        Arc::clone(&journal),
        stopper.clone(),
        events.clone(),
    );
    let forward_cursor = (cursors.len() > 1).then(|| cursors.pop()).flatten();
    let mut screen = Screen::new(args, style, input, cursors.remove(0), &listener);
    let on_interrupt = stopper.clone();
    interrupt::on_interrupt(move || on_interrupt.stop())?;
    print_notes(args, torn_line, is_shared);
    print_address(address);
    let shown = thread::scope(|scope| {
        scope.spawn(|| {
            serve(server, &listener, &journal, forward_cursor);
            let _ = events.send(ListenEvent::Ended);
        });
        let shown = screen.run(receiver);
        if shown.is_err() {
            stopper.stop();
        }
        shown
    });
    let counts = listener.counts();
    let finished = shown.and_then(|()| screen.finish(counts.clone()));
    if listener.lost_notes() > 0 {
        messages::warning(format_args!(
            "{} notes are left out, since the output was slower than the deliveries",
            listener.lost_notes()
        ));
    }
    match finished {
        Err(error) if !is_broken_pipe(&error) => Err(error),
        _ => Ok(status(screen.totals(), &counts)),
    }
}

/// Serves deliveries and passes them on, until the server is stopped and all is passed on.
fn serve(server: Server, listener: &Listener, journal: &Journal, cursor: Option<Cursor>) {
    let cursor = cursor.map(Mutex::new);
    thread::scope(|scope| {
        if let (Some(cursor), Some(forwarder)) = (&cursor, &listener.options().forwarder) {
            for _ in 0..FORWARD_THREADS {
                scope.spawn(move || {
                    let forwarded = listener.forward_all(forwarder, cursor);
                    if let Err(error) = forwarded.context("deliveries can't be passed on") {
                        messages::error(chain(&error));
                    }
                });
            }
        }
        server.serve(listener);
        // Connections are refused from now on.
        drop(server);
        journal.close();
        if let Some(cursor) = &cursor
            && cursor
                .lock()
                .is_ok_and(|cursor| cursor.offset() < journal.end())
        {
            messages::note("deliveries are still passed on to the handler; Ctrl-C ends at once");
        }
    });
}

/// Returns the input that stands for the records: a line number in a report is that of the file.
fn input(args: &ListenArgs) -> anyhow::Result<Arc<Input>> {
    let origin = args.record.as_deref().map_or(Origin::Stdin, file);
    let mut configs = configs(&args.options())?;
    let (options, _) = configs.options(&origin).map_err(config_error)?;
    let outputs = args.record.as_deref().map(file);
    refuse_stdout(configs.paths().map(file).chain(outputs))?;
    let label = match &args.record {
        Some(_) => Label::new(origin.to_string(), args.masking()),
        None => "<deliveries>".into(),
    };
    // What is received has its own limit, and a record is longer than the body.
    let limits = Limits {
        payload: usize::MAX,
        ..Limits::default()
    };
    let mode = CaptureMode::Json;
    Ok(Arc::new(Input::new(origin, label, limits, mode, options)))
}

fn access(args: &AccessArgs) -> anyhow::Result<Access> {
    let token = match (&args.token_file, &args.token_env) {
        (Some(path), _) => Some(SecretText::from_file(path)),
        (_, Some(name)) => Some(SecretText::from_env(name)),
        (None, None) => None,
    };
    let mut access = Access::default();
    access.token = token
        .transpose()
        .map_err(|error| usage(error.to_string()))?;
    access.secrets = secrets(&args.secrets)?;
    access.refuses_unsigned = args.refuse_unsigned;
    if args.refuse_unsigned && access.secrets.is_empty() {
        return Err(usage(
            "--refuse-unsigned requires --secret-file or --secret-env",
        ));
    }
    Ok(access)
}

/// Returns the URL of the handler, if there is one.
fn handler(args: &ForwardArgs) -> anyhow::Result<Option<Target>> {
    let from = |text: Result<SecretText, _>| secret_target(text).map(Some);
    match (&args.forward, &args.forward_env, &args.forward_file) {
        (_, Some(name), _) => from(SecretText::from_env(name)),
        (_, _, Some(path)) => from(SecretText::from_file(path)),
        (Some(url), None, None) => {
            let target = Target::parse(url);
            Ok(Some(
                target.map_err(|error| usage(format!("--forward: {error}")))?,
            ))
        }
        (None, None, None) => Ok(None),
    }
}

fn open_journal(args: &ListenArgs, cursors: usize) -> anyhow::Result<Opened> {
    Ok(match &args.record {
        Some(path) => Journal::open(path, cursors)
            .with_context(|| format!("{} can't be recorded to", path_name(path.display())))?,
        None => Journal::spool(cursors)?,
    })
}

fn bind(args: &ListenArgs, handler: Option<&Target>) -> anyhow::Result<Server> {
    let mut limits = ServerLimits::default();
    limits.body = usize::from(args.max_body) << 20;
    limits.connections = limits::connections();
    let address = SocketAddr::new(args.host, args.port);
    let server =
        Server::bind(address, limits).with_context(|| format!("{address} can't be listened on"))?;
    let port = server.address()?.port();
    let names = [args.host.to_string(), "localhost".to_owned()];
    let is_own = |name: &String| {
        let url = format!("http://{}/", SocketAddr::new(args.host, port));
        let own = url.replace(&args.host.to_string(), name);
        handler.is_some_and(|handler| format!("{}/", handler.origin()) == own)
    };
    if names.iter().any(is_own) {
        return Err(usage(
            "--forward leads to this command itself, so a delivery would come again and again",
        ));
    }
    Ok(server)
}

fn print_notes(args: &ListenArgs, torn_line: Option<u64>, is_shared: bool) {
    let Some(path) = &args.record else {
        return;
    };
    let name = path_name(path.display());
    if let Some(line) = torn_line {
        messages::warning(format_args!(
            "{name}:{line}: the record is incomplete, since an earlier run was ended while it wrote"
        ));
    }
    if is_shared {
        messages::warning(format_args!(
            "{name}: others can read the file, and records contain secrets: run `chmod 600` on it"
        ));
    }
}

fn print_address(address: SocketAddr) {
    if !is_loopback(address.ip()) {
        messages::warning(
            "other machines may reach this address, and anyone who does can deliver: --token-file \
             refuses those without a secret",
        );
    }
    messages::note(format_args!("listening on http://{address}/"));
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Returns the exit status. That nothing was delivered is not a failure.
fn status(totals: &Totals, counts: &ListenCounts) -> Status {
    if counts.not_recorded > 0 || totals.unreadable > 0 {
        Status::Failed
    } else if totals.invalid > 0 {
        Status::Invalid
    } else {
        Status::Success
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_private() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.8.9.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("192.168.0.1", false),
        ] {
            assert_eq!(is_loopback(address.parse().unwrap()), expected, "{address}");
        }
    }
}
