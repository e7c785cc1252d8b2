//! `mewshook sample`: made-up payloads.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use mewshook::contract::{Event, Kind};
use mewshook::sample::{self, Layout, Recipe, Request};

use crate::cli::SampleArgs;

use super::{Status, files, safe, stdout, usage};

pub(super) fn run(args: &SampleArgs) -> anyhow::Result<Status> {
    if args.list {
        list(&mut stdout())?;
        return Ok(Status::Good);
    }
    let requests = requests(args)?;
    let mut sink = Sink::new(args);
    let holds_events = |event: &&Event| matches!(event.kind, Kind::General | Kind::Websocket);
    if args.events.is_some()
        && !requests
            .iter()
            .flat_map(Request::events)
            .any(|e| holds_events(&e))
    {
        return Err(usage(
            "--events is for messages that hold events: general and websocket",
        ));
    }
    if args.invalid.is_some() {
        invalid(args, &requests, &mut sink)?;
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
            let is_mixed = matches!(request, Request::Kind(_));
            let recipe = recipe(args, request.event(turn), is_mixed, number);
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

/// A payload with one error for each name; or of the first event that can have it, if no name was
/// given. What no payload can have is told and passed over, unless nothing is left.
fn invalid(args: &SampleArgs, requests: &[Request], sink: &mut Sink<'_>) -> anyhow::Result<()> {
    let layout = sink.layout;
    let attempt = |event, code| {
        let recipe = recipe(args, event, false, 0);
        sample::invalid(recipe, code, layout).map(|text| (event, text))
    };
    let is_default = args.names.is_empty() && !args.all;
    let wanted = args.invalid.as_deref().unwrap_or_default();
    let mut refused = Vec::new();
    let mut is_empty = true;
    for code in sample::error_codes().filter(|code| wanted == "all" || wanted == *code) {
        let everything = [sample::events().collect::<Vec<_>>()];
        let named: Vec<Vec<&'static Event>> = requests.iter().map(Request::events).collect();
        // Of the events that a name stands for, the first that can have the error.
        for events in if is_default { &everything[..] } else { &named } {
            let mut tries = events.iter().map(|event| attempt(*event, code));
            let first = tries.next().transpose().map_err(|error| error.to_string());
            let made = match first {
                Ok(made) => Ok(made),
                Err(error) => tries.find_map(Result::ok).map(Some).ok_or(error),
            };
            match made {
                Ok(Some((event, text))) => {
                    is_empty = false;
                    sink.put_invalid(code, event, text)?;
                }
                Ok(None) => {}
                Err(error) => refused.push(error),
            }
        }
    }
    if is_empty {
        return Err(usage(refused.join("\n")));
    }
    for refusal in refused {
        writeln!(io::stderr(), "passed over: {refusal}")?;
    }
    Ok(())
}

fn recipe(args: &SampleArgs, event: &'static Event, is_mixed: bool, number: u64) -> Recipe {
    Recipe {
        event,
        is_mixed,
        events: args
            .events
            .map_or(1, |events| usize::try_from(events).unwrap_or(usize::MAX)),
        seed: args.seed,
        number,
    }
}

/// Where payloads go: to stdout as they are made, or into files, together at the end.
struct Sink<'a> {
    layout: Layout,
    folder: Option<&'a Path>,
    force: bool,
    out: Box<dyn Write>,
    files: Vec<(String, String)>,
    /// How often each name was wanted.
    names: HashMap<String, u32>,
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
            names: HashMap::new(),
            number: 0,
        }
    }

    fn put(&mut self, name: String, text: String) -> io::Result<()> {
        self.number += 1;
        if self.folder.is_some() {
            // The same may have been asked for twice.
            let times = self.names.entry(name.clone()).or_default();
            *times += 1;
            let name = match times {
                1 => name,
                times => format!("{name}.{times}"),
            };
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
                let path = folder.join(format!("{name}.json"));
                writeln!(self.out, "{}", safe(path.display()))?;
            }
        }
        self.out.flush()?;
        Ok(())
    }
}
