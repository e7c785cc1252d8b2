//! Refuses options that would change none of the payloads.

use mewshook::contract::{Event, Kind};
use mewshook::sample::{self, Edit, NoPlace, Place, Request};

use crate::cli::SampleArgs;
use crate::messages::usage;

use super::generator::Generator;

/// Checks that each option applies to at least one of the payloads.
///
/// # Errors
/// An option applies to none, or options contradict each other.
pub(super) fn options(generator: &Generator<'_>, selections: &[Request]) -> anyhow::Result<()> {
    let args = generator.args();
    let events = possible_events(args, selections);
    let has_events = |event: &&Event| matches!(event.kind, Kind::General | Kind::Websocket);
    if args.events.is_some() && !events.iter().any(has_events) {
        return Err(usage(
            "--events is for messages that hold events: general and websocket",
        ));
    }
    values(args, &events)?;
    edits(generator, &events)?;
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from >= to
    {
        return Err(usage("--to is not after --from"));
    }
    Ok(())
}

/// Returns the events whose payloads may be made.
fn possible_events(args: &SampleArgs, selections: &[Request]) -> Vec<&'static Event> {
    if args.invalid.is_some() && args.is_default() {
        return sample::events().collect();
    }
    // The first `count` events of a kind, except where the events are chosen later.
    let count = match (&args.invalid, args.is_scenario()) {
        (None, false) => usize::try_from(args.count.unwrap_or(1)).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let events = selections.iter().map(Request::events);
    events
        .flat_map(|events| events.into_iter().take(count))
        .collect()
}

/// Checks that each given value occurs in a payload of one of the events.
fn values(args: &SampleArgs, events: &[&'static Event]) -> anyhow::Result<()> {
    let options = [
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
    for (option, is_given, field) in options {
        if is_given && !events.iter().any(|event| field.is_in(event)) {
            return Err(without_field(option, field));
        }
    }
    Ok(())
}

/// Returns the error for an option whose value occurs in none of the payloads.
fn without_field(option: &str, field: Place) -> anyhow::Error {
    let noun = match field {
        Place::Enterprise => "an enterprise",
        Place::Integration => "an integration",
        Place::Service => "a service",
        Place::Time => "a time",
    };
    let example = sample::events().find(|event| field.is_in(event));
    let example = example.map_or(String::new(), |event| {
        format!(", as {}/{} has one", event.kind, event.name)
    });
    usage(format!(
        "{option} is for payloads with {noun}{example}; those that were asked for have none"
    ))
}

/// Checks that each edit can be made in a payload of one of the events.
fn edits(generator: &Generator<'_>, events: &[&'static Event]) -> anyhow::Result<()> {
    let edits = &generator.args().edits.0;
    if edits.is_empty() {
        return Ok(());
    }
    let mut errors: Vec<Option<NoPlace>> = vec![None; edits.len()];
    let mut is_applicable = vec![false; edits.len()];
    for event in events {
        let mut payload = generator.unedited(event);
        for (number, edit) in edits.iter().enumerate() {
            match edit.apply(&mut payload) {
                Ok(()) => is_applicable[number] = true,
                Err(error) => errors[number] = Some(error),
            }
        }
    }
    let Some(number) = is_applicable
        .iter()
        .position(|is_applicable| !is_applicable)
    else {
        return Ok(());
    };
    let edit = &edits[number];
    let option = match edit {
        Edit::Set(..) => "--set",
        Edit::Remove(_) => "--remove",
    };
    let reason = errors[number].as_ref().map(|error| format!(": {error}"));
    Err(usage(format!(
        "{option} {}: no payload has this place{}",
        edit.pointer(),
        reason.unwrap_or_default()
    )))
}
