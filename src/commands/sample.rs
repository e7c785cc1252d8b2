//! `mewshook sample`: made-up payloads.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use mewshook::contract::{Event, Kind};
use mewshook::diagnostic::Severity;
use mewshook::report::Style;
use mewshook::sample::{
    self, Edit, Layout, NoPlace, NoSuchFault, Place, Plan, Recipe, Request, Values,
};
use serde_json::Value;

use crate::cli::SampleArgs;
use crate::files::{self, stdout};
use crate::messages::{self, escaped, path_name, usage};

use super::Status;
use super::schema::wrapped;

/// The width of the columns before what happened.
const FIRST_COLUMNS: usize = 17 + 30 + 12;

/// How many payloads are put in order at most: they are all known before the first is printed.
const MOST_IN_A_STORY: u64 = 10_000_000;

pub(super) fn run(args: &SampleArgs, style: Style) -> anyhow::Result<Status> {
    if args.list {
        list(&mut stdout(), style)?;
        return Ok(Status::Good);
    }
    let requests = requests(args)?;
    let maker = Maker::new(args, &requests)?;
    let mut sink = Sink::new(args);
    if args.invalid.is_some() {
        maker.invalid(&requests, &mut sink)?;
    } else if maker.is_story() {
        maker.story(&requests, &mut sink)?;
    } else {
        maker.valid(&requests, &mut sink)?;
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

/// Every kind and event, one a line; on a narrow terminal, what happened stands below.
fn list(out: &mut impl Write, style: Style) -> io::Result<()> {
    let width = if io::stdout().is_terminal() {
        style.width
    } else {
        usize::MAX
    };
    let longest = sample::events().map(|event| event.what.len()).max();
    let is_wide = FIRST_COLUMNS + longest.unwrap_or_default() <= width;
    for event in sample::events() {
        let Event {
            kind,
            name,
            since,
            what,
            ..
        } = event;
        if is_wide {
            writeln!(out, "{:<17}{name:<30}{since}  {what}", kind.name())?;
        } else {
            for line in wrapped(&format!("{kind}/{name}  {since}"), width) {
                writeln!(out, "{line}")?;
            }
            for line in wrapped(what, width.saturating_sub(4)) {
                writeln!(out, "    {line}")?;
            }
        }
    }
    out.flush()
}

/// Makes the payloads that were asked for.
struct Maker<'a> {
    args: &'a SampleArgs,
    values: Values,
    /// How many payloads did not stay valid, and the codes of their errors.
    broken: RefCell<(u64, BTreeSet<&'static str>)>,
}

impl<'a> Maker<'a> {
    /// Checks that each option has a place in what was asked for.
    fn new(args: &'a SampleArgs, requests: &[Request]) -> anyhow::Result<Self> {
        let mut values = Values::default();
        values.enterprise.clone_from(&args.enterprise);
        values.integration.clone_from(&args.integration);
        values.service.clone_from(&args.service);
        values.time = args.at;
        let maker = Self {
            args,
            values,
            broken: RefCell::default(),
        };
        let chosen = maker.chosen(requests);
        let holds_events = |event: &Event| matches!(event.kind, Kind::General | Kind::Websocket);
        if args.events.is_some() && !chosen.iter().any(|event| holds_events(event)) {
            return Err(usage(
                "--events is for messages that hold events: general and websocket",
            ));
        }
        let places = [
            ("--enterprise", args.enterprise.is_some(), Place::Enterprise),
            (
                "--integration",
                args.integration.is_some(),
                Place::Integration,
            ),
            ("--service", args.service.is_some(), Place::Service),
            ("--at", args.at.is_some(), Place::Time),
            (
                "--enterprises",
                args.enterprises.is_some(),
                Place::Integration,
            ),
            ("--from", args.from.is_some(), Place::Time),
            ("--to", args.to.is_some(), Place::Time),
        ];
        for (option, is_given, place) in places {
            if is_given && !chosen.iter().any(|event| place.is_in(event)) {
                return Err(no_place(option, place));
            }
        }
        if let Some(error) = maker.misplaced(&chosen) {
            return Err(error);
        }
        if let (Some(from), Some(to)) = (args.from, args.to)
            && from >= to
        {
            return Err(usage("--to is not after --from"));
        }
        Ok(maker)
    }

    /// The events whose payloads may be made.
    fn chosen(&self, requests: &[Request]) -> Vec<&'static Event> {
        let count = match (&self.args.invalid, self.is_story()) {
            (None, false) => usize::try_from(self.args.count.unwrap_or(1)).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        if self.args.invalid.is_some() && self.is_default() {
            return sample::events().collect();
        }
        requests
            .iter()
            .flat_map(|request| request.events().into_iter().take(count))
            .collect()
    }

    /// What is wrong with the edits that no payload has a place for.
    fn misplaced(&self, chosen: &[&'static Event]) -> Option<anyhow::Error> {
        let edits = &self.args.edits.0;
        if edits.is_empty() {
            return None;
        }
        let mut refused: Vec<Option<NoPlace>> = vec![None; edits.len()];
        let mut is_placed = vec![false; edits.len()];
        for event in chosen {
            let mut payload = self.recipe(event, false, 0).make_with(&self.values);
            for (number, edit) in edits.iter().enumerate() {
                match edit.apply(&mut payload) {
                    Ok(()) => is_placed[number] = true,
                    Err(error) => refused[number] = Some(error),
                }
            }
        }
        let number = is_placed.iter().position(|is_placed| !is_placed)?;
        let edit = &edits[number];
        let option = match edit {
            Edit::Set(..) => "--set",
            Edit::Remove(_) => "--remove",
        };
        let reason = refused[number].as_ref().map(|error| format!(": {error}"));
        Some(usage(format!(
            "{option} {}: no payload has this place{}",
            edit.pointer(),
            reason.unwrap_or_default()
        )))
    }

    /// Whether neither a name nor `--all` was given.
    fn is_default(&self) -> bool {
        self.args.names.is_empty() && !self.args.all
    }

    /// Whether the payloads are to hang together.
    fn is_story(&self) -> bool {
        let args = self.args;
        args.enterprises.is_some() || args.from.is_some() || args.to.is_some()
    }

    /// One payload, with its values and edits.
    fn payload(&self, recipe: Recipe, values: &Values) -> Value {
        let mut payload = recipe.make_with(values);
        for edit in &self.args.edits.0 {
            // That some payload has the place has been seen to.
            let _ = edit.apply(&mut payload);
        }
        payload
    }

    /// The text of a payload. Whether it's still valid is kept in mind, if anything could have
    /// made it invalid.
    fn text(&self, recipe: Recipe, values: &Values, layout: Layout) -> anyhow::Result<String> {
        let text = sample::write(&self.payload(recipe, values), layout);
        if *values != Values::default() || !self.args.edits.0.is_empty() {
            let verdict = mewshook::check(&text);
            if !verdict.valid {
                let mut broken = self.broken.borrow_mut();
                broken.0 += 1;
                let errors = verdict.diagnostics.iter();
                let errors = errors.filter(|found| found.severity == Severity::Error);
                broken.1.extend(errors.map(|found| found.code));
            }
        }
        Ok(text)
    }

    /// Says that payloads are no longer valid.
    fn warn_of_broken(&self, total: u64) {
        let broken = self.broken.borrow();
        let codes: Vec<&str> = broken.1.iter().copied().collect();
        let codes = codes.join(", ");
        match (broken.0, total) {
            (0, _) => {}
            (_, 1) => messages::warning(format_args!("the payload is no longer valid: {codes}")),
            (1, _) => messages::warning(format_args!(
                "1 of {total} payloads is no longer valid: {codes}"
            )),
            (count, _) => messages::warning(format_args!(
                "{count} of {total} payloads are no longer valid: {codes}"
            )),
        }
    }

    fn valid(&self, requests: &[Request], sink: &mut Sink<'_>) -> anyhow::Result<()> {
        let count = self.args.count.unwrap_or(1);
        let mut number = 0;
        for request in requests {
            for turn in 0..count {
                let is_mixed = matches!(request, Request::Kind(_));
                let recipe = self.recipe(request.event(turn), is_mixed, number);
                let text = self.text(recipe, &self.values, sink.layout)?;
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
        self.warn_of_broken(number);
        Ok(())
    }

    /// What happens at hotels over a time. Files are numbered in this order.
    fn story(&self, requests: &[Request], sink: &mut Sink<'_>) -> anyhow::Result<()> {
        let args = self.args;
        let count = args.count.unwrap_or(1);
        if count.saturating_mul(requests.len() as u64) > MOST_IN_A_STORY {
            return Err(usage(format!(
                "--enterprises, --from and --to can spread {MOST_IN_A_STORY} payloads at most"
            )));
        }
        let story = Plan {
            requests,
            count,
            enterprises: args.enterprises.unwrap_or(1),
            from: args.from,
            to: args.to,
            values: self.values.clone(),
            seed: args.seed,
        }
        .story();
        let payloads = story.payloads();
        let total = payloads.len() as u64;
        let digits = total.to_string().len();
        for (number, (event, is_mixed, values)) in (0..).zip(payloads) {
            let recipe = self.recipe(event, is_mixed, number);
            let text = self.text(recipe, &values, sink.layout)?;
            let name = format!("{:0digits$}-{}-{}", number + 1, event.kind, event.name);
            sink.put(name, text)?;
        }
        self.warn_of_broken(total);
        Ok(())
    }

    /// A payload with one error for each name; or of the first event that can have it, if no name
    /// was given. What no payload can have is said and skipped, unless nothing is left.
    fn invalid(&self, requests: &[Request], sink: &mut Sink<'_>) -> anyhow::Result<()> {
        let layout = sink.layout;
        let attempt = |event: &'static Event, code: &str| {
            let sound = self.payload(self.recipe(event, false, 0), &self.values);
            sample::broken(&sound, code, layout)
                .map(|text| (event, text))
                .ok_or_else(|| NoSuchFault {
                    event: format!("{}/{}", event.kind, event.name),
                    code: code.to_owned(),
                })
        };
        let wanted = self.args.invalid.as_deref().unwrap_or_default();
        let mut refused = Vec::new();
        let mut is_empty = true;
        for code in sample::error_codes().filter(|code| wanted == "all" || wanted == *code) {
            let everything = [sample::events().collect::<Vec<_>>()];
            let named: Vec<Vec<&'static Event>> = requests.iter().map(Request::events).collect();
            // Of the events that a name stands for, the first that can have the error.
            for events in if self.is_default() {
                &everything[..]
            } else {
                &named
            } {
                let mut tries = events.iter().map(|event| attempt(event, code));
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
            writeln!(io::stderr(), "skipped: {refusal}")?;
        }
        Ok(())
    }

    fn recipe(&self, event: &'static Event, is_mixed: bool, number: u64) -> Recipe {
        let events = self.args.events.unwrap_or(1);
        Recipe {
            event,
            is_mixed,
            events: usize::try_from(events).unwrap_or(usize::MAX),
            seed: self.args.seed,
            number,
        }
    }
}

/// An option that is of no use for what was asked for.
fn no_place(option: &str, place: Place) -> anyhow::Error {
    let (what, mut events) = (
        match place {
            Place::Enterprise => "an enterprise",
            Place::Integration => "an integration",
            Place::Service => "a service",
            Place::Time => "a time",
        },
        sample::events().filter(|event| place.is_in(event)),
    );
    let example = events.next().map_or(String::new(), |event| {
        format!(", as {}/{} has one", event.kind, event.name)
    });
    usage(format!(
        "{option} is for payloads with {what}{example}; those that were asked for have none"
    ))
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
                writeln!(self.out, "{}", escaped(path_name(path.display())))?;
            }
        }
        self.out.flush()?;
        Ok(())
    }
}
