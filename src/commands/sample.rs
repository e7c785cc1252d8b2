//! `mewshook sample`: made-up payloads.

use std::io::{self, Write};
use std::path::Path;

use mewshook::contract::Event;
use mewshook::sample::{self, Layout, Recipe, Request};

use crate::cli::SampleArgs;

use super::{Status, files, stdout, usage};

pub(super) fn run(args: &SampleArgs) -> anyhow::Result<Status> {
    if args.list {
        list(&mut stdout())?;
        return Ok(Status::Good);
    }
    let requests = requests(args)?;
    let mut sink = Sink::new(args);
    if let Some(code) = &args.invalid {
        let is_default = args.names.is_empty() && !args.all;
        for code in sample::error_codes().filter(|known| code == "all" || known == code) {
            invalid(args, code, &requests, is_default, &mut sink)?;
        }
    } else {
        valid(args, &requests, &mut sink)?;
    }
    sink.finish()?;
    Ok(Status::Good)
}

/// What is asked for, by name.
fn requests(args: &SampleArgs) -> anyhow::Result<Vec<Request>> {
    if args.all {
        return Ok(sample::events().map(Request::Event).collect());
    }
    let default = || sample::find("IntegrationCreated").map(|request| vec![request]);
    let named = || args.names.iter().map(|name| sample::find(name)).collect();
    let found: Result<Vec<_>, _> = if args.names.is_empty() {
        default()
    } else {
        named()
    };
    found.map_err(|error| usage(error.to_string()))
}

/// Every kind and event, one a line.
fn list(out: &mut impl Write) -> io::Result<()> {
    for event in sample::events() {
        let Event {
            kind,
            name,
            since,
            what,
            ..
        } = event;
        writeln!(out, "{:<17}{name:<30}{since}  {what}", kind.name())?;
    }
    out.flush()
}

fn valid(args: &SampleArgs, requests: &[Request], sink: &mut Sink<'_>) -> anyhow::Result<()> {
    let count = args.count.unwrap_or(1);
    let mut number = 0;
    for request in requests {
        for turn in 0..count {
            let recipe = Recipe {
                event: request.event(turn),
                is_mixed: matches!(request, Request::Kind(_)),
                events: usize::try_from(args.events.unwrap_or(1))?,
                seed: args.seed,
                number,
            };
            let text = sample::write(&recipe.make(), sink.layout);
            let digits = count.to_string().len();
            let suffix = match count {
                1 => String::new(),
                _ => format!("-{:0digits$}", turn + 1),
            };
            let name = format!("{}-{}{suffix}", recipe.event.kind, recipe.event.name);
            sink.put(name, text)?;
            number += 1;
        }
    }
    Ok(())
}

/// A payload with one error, of each event that was asked for; or of the first event that can
/// have it, if none was.
fn invalid(
    args: &SampleArgs,
    code: &str,
    requests: &[Request],
    is_default: bool,
    sink: &mut Sink<'_>,
) -> anyhow::Result<()> {
    let make =
        |event| sample::invalid(event, code, args.seed, sink.layout).map(|text| (event, text));
    let mut payloads = Vec::new();
    if is_default {
        payloads.extend(sample::events().find_map(|event| make(event).ok()));
    } else {
        for request in requests {
            let found = match request {
                Request::Event(event) => make(event),
                Request::Kind(kind) => {
                    let mut tries = kind.events().map(make);
                    let first = tries.next().unwrap_or_else(|| make(request.event(0)));
                    first.or_else(|error| tries.find_map(Result::ok).ok_or(error))
                }
            };
            payloads.push(found.map_err(|error| usage(error.to_string()))?);
        }
    }
    for (event, text) in payloads {
        sink.put_invalid(code, event, text)?;
    }
    Ok(())
}

/// Where payloads go: to stdout as they are made, or into files, together at the end.
struct Sink<'a> {
    layout: Layout,
    folder: Option<&'a Path>,
    force: bool,
    out: Box<dyn Write>,
    files: Vec<(String, String)>,
    number: u64,
}

impl<'a> Sink<'a> {
    fn new(args: &'a SampleArgs) -> Self {
        Self {
            layout: if args.ndjson {
                Layout::Line
            } else {
                Layout::Pretty
            },
            folder: args.out_dir.as_deref(),
            force: args.force,
            out: Box::new(stdout()),
            files: Vec::new(),
            number: 0,
        }
    }

    fn put(&mut self, name: String, text: String) -> io::Result<()> {
        self.number += 1;
        if self.folder.is_some() {
            self.files.push((name, text));
            Ok(())
        } else {
            self.out.write_all(text.as_bytes())
        }
    }

    /// The code goes into the file's name, or to stderr.
    fn put_invalid(&mut self, code: &str, event: &Event, text: String) -> io::Result<()> {
        self.put(format!("{code}-{}-{}", event.kind, event.name), text)?;
        if self.folder.is_none() {
            writeln!(io::stderr(), "payload {}: {code}", self.number)?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        if let Some(folder) = self.folder {
            let files = self.files.iter();
            let files = files.map(|(name, text)| (format!("{name}.json"), text.as_bytes()));
            files::write_all(folder, files, self.force)?;
            for (name, _) in &self.files {
                writeln!(
                    self.out,
                    "{}",
                    folder.join(format!("{name}.json")).display()
                )?;
            }
        }
        self.out.flush()?;
        Ok(())
    }
}
