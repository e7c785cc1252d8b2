//! Reads the `json` format of statistics, to merge those of several runs.

use crate::document::Position;
use crate::query::{ByName, CodeTally, Distinct, EntityName, EntityTally, Example, Stats, Tally};
use crate::secrets::Masking;

use super::object::{
    CodeObject, DistinctObject, EntityObject, EventObject, NameObject, StatsObject, Time,
};

/// The error when a text is not statistics in JSON.
#[derive(Debug, thiserror::Error)]
#[error("{}:{}: {reason}; expected what `mewshook stats --format json` of this version prints", .position.line, .position.column)]
pub struct StatsError {
    /// The place in the text.
    pub position: Position,
    /// What is wrong.
    pub reason: String,
}

/// Returns the statistics in a text, in which any number of reports may follow one another. If masking is
/// on, names are masked, unless they are already: what is left of a masked name could look like a secret.
///
/// # Errors
/// The text has something else in it. Nothing is returned after an error.
pub fn read_stats(
    text: &[u8],
    masking: Masking,
) -> impl Iterator<Item = Result<Stats, StatsError>> {
    let objects = serde_json::Deserializer::from_slice(text).into_iter::<StatsObject<'_>>();
    objects.map(move |object| {
        let stats = object.map(|object| stats(object, masking));
        stats.map_err(|error| {
            let reason = error.to_string();
            // The list of all properties, or the place, which is stated before.
            let ends = [", expected one of ", " at line "].map(|end| reason.find(end));
            let end = ends.into_iter().flatten().min().unwrap_or(reason.len());
            StatsError {
                position: position(text, error.line(), error.column()),
                reason: reason[..end].to_owned(),
            }
        })
    })
}

/// Returns the position of an error, which `serde_json` states in bytes of a line.
fn position(text: &[u8], line: usize, column: usize) -> Position {
    let mut breaks = memchr::memchr_iter(b'\n', text);
    let start = match line {
        ..=1 => 0,
        line => breaks.nth(line - 2).map_or(text.len(), |end| end + 1),
    };
    let end = start + column.saturating_sub(1);
    Position::START.after(&text[..end.min(text.len())])
}

fn stats(object: StatsObject<'_>, wanted: Masking) -> Stats {
    let masking = if object.masked { Masking::Off } else { wanted };
    let time = |time: Time| time.0;
    let mask = |text: &str| Box::from(&*masking.mask(text));
    let name = |object: NameObject<'_>| {
        let payloads = tally(object.payloads, object.invalid);
        (mask(&object.name), payloads)
    };
    let entity = |object: EntityObject<'_>| (mask(&object.id), entity(&object, masking));
    let code = |object: CodeObject<'_>| (mask(&object.code), code(&object, masking));
    let mut events = ByName::default();
    let mut unnamed_events = Tally::default();
    for EventObject {
        name,
        events: count,
        invalid,
    } in object.events
    {
        match name {
            Some(name) => events.insert(mask(&name), tally(count, invalid), Tally::add),
            None => unnamed_events.add(tally(count, invalid)),
        }
    }
    let hours = object.hours.iter();
    let hours = hours.map(|hour| (hour.start.0, tally(hour.payloads, hour.invalid)));
    Stats {
        masking: if object.masked { Masking::On } else { wanted },
        payloads: object.payloads,
        bytes: object.bytes,
        valid: object.valid,
        expected: object.expected,
        invalid: object.invalid,
        errors: object.errors,
        warnings: object.warnings,
        unreadable: object.unreadable,
        empty: object.empty,
        skipped: object.skipped,
        first: object.first.map(time),
        last: object.last.map(time),
        untimed: object.untimed,
        kinds: by_name(object.kinds.into_iter().map(name), Tally::add),
        events,
        unnamed_events,
        enterprises: by_name(object.enterprises.into_iter().map(entity), EntityTally::add),
        integrations: by_name(
            object.integrations.into_iter().map(entity),
            EntityTally::add,
        ),
        hours: hours.collect(),
        codes: by_name(object.codes.into_iter().map(code), CodeTally::add),
        captures: by_name(object.captures.into_iter().map(name), Tally::add),
        distinct: object.distinct.map(distinct),
    }
}

fn tally(count: u64, invalid: u64) -> Tally {
    Tally { count, invalid }
}

fn entity(object: &EntityObject<'_>, masking: Masking) -> EntityTally {
    EntityTally {
        payloads: tally(object.payloads, object.invalid),
        name: object.name.as_deref().map(|name| EntityName {
            at: object.named.map(|time| time.0),
            name: masking.mask(name).into_owned(),
        }),
    }
}

fn code(object: &CodeObject<'_>, masking: Masking) -> CodeTally {
    CodeTally {
        errors: object.errors,
        warnings: object.warnings,
        example: object.example.as_ref().map(|example| Example {
            path: masking.mask_path(&example.path).into_owned(),
            position: Position {
                line: example.line,
                column: example.column,
            },
        }),
    }
}

fn distinct(object: DistinctObject<'_>) -> Distinct {
    Distinct {
        hashed: object.bodies.saturating_add(object.duplicates),
        entities: object.entity_hashes.0.into_owned(),
        bodies: object.body_hashes.0.into_owned(),
    }
}

/// Collects values by name. Names that are the same once they are masked are added.
fn by_name<T>(
    values: impl Iterator<Item = (Box<str>, T)>,
    add: impl Fn(&mut T, T) + Copy,
) -> ByName<T> {
    let mut all = ByName::default();
    for (name, value) in values {
        all.insert(name, value, add);
    }
    all
}
