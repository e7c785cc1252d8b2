//! Refuses options that would change none of the payloads.

use mewshook::contract::{Event, Kind};
use mewshook::sample::{self, Edit, EditError, Field, Selection};

use crate::cli::SampleArgs;
use crate::messages::usage;

use super::generator::Generator;

/// Checks that each option applies to at least one of the payloads.
///
/// # Errors
/// An option applies to none, or options contradict each other.
pub(super) fn options(generator: &Generator<'_>, selections: &[Selection]) -> anyhow::Result<()> {
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
fn possible_events(args: &SampleArgs, selections: &[Selection]) -> Vec<&'static Event> {
    if args.invalid.is_some() && args.is_default() {
        return sample::events().collect();
    }
    // The first `count` events of a kind, except where the events are chosen later.
    let count = match (&args.invalid, args.is_scenario()) {
        (None, false) => usize::try_from(args.count.unwrap_or(1)).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let events = selections.iter().map(Selection::events);
    events
        .flat_map(|events| events.into_iter().take(count))
        .collect()
}

/// Checks that each given value occurs in a payload of one of the events.
fn values(args: &SampleArgs, events: &[&'static Event]) -> anyhow::Result<()> {
    let options = [
        ("--enterprise", args.enterprise.is_some(), Field::Enterprise),
        (
            "--integration",
            args.integration.is_some(),
            Field::Integration,
        ),
        ("--service", args.service.is_some(), Field::Service),
        ("--at", args.at.is_some(), Field::Time),
        (
            "--enterprises",
            args.enterprises.is_some(),
            Field::Integration,
        ),
        ("--from", args.from.is_some(), Field::Time),
        ("--to", args.to.is_some(), Field::Time),
    ];
    for (option, is_given, field) in options {
        if is_given && !events.iter().any(|event| field.occurs_in(event)) {
            return Err(without_field(option, field));
        }
    }
    Ok(())
}

/// Returns the error for an option whose value occurs in none of the payloads.
fn without_field(option: &str, field: Field) -> anyhow::Error {
    let noun = match field {
        Field::Enterprise => "an enterprise",
        Field::Integration => "an integration",
        Field::Service => "a service",
        Field::Time => "a time",
    };
    let example = sample::events().find(|event| field.occurs_in(event));
    let example = example.map_or(String::new(), |event| {
        format!(", as {}/{} has one", event.kind, event.name)
    });
    usage(format!(
        "{option} is for payloads with {noun}{example}; none of the selected payloads has one"
    ))
}

/// Checks that each edit can be made in a payload of one of the events.
fn edits(generator: &Generator<'_>, events: &[&'static Event]) -> anyhow::Result<()> {
    let edits = &generator.args().edits.0;
    if edits.is_empty() {
        return Ok(());
    }
    let mut errors: Vec<Option<EditError>> = vec![None; edits.len()];
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
