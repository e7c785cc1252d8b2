//! The `json` format of statistics: one line of JSON, which can be read again to merge it with those of
//! other runs. It is documented in `docs/stats.md`.
//!
//! The same statistics always are the same bytes: lists are sorted.

use std::borrow::Cow;

use crate::query::{ByName, CodeTally, EntityTally, Stats, Tally};
use crate::report::VERSION;
use crate::report::escape::write_json;
use crate::secrets::Masking;

use super::StatsFormat;
use super::object::{
    CodeObject, DistinctObject, EntityObject, EventObject, ExampleObject, HashList, HourObject,
    NameObject, StatsObject, Time,
};

pub(super) static FORMAT: StatsFormat = StatsFormat {
    name: "json",
    about: "A line of JSON, which --merge reads",
    write: |out, stats, _| {
        write_json(out, &StatsObject::of(stats))?;
        writeln!(out)
    },
};

impl<'s> StatsObject<'s> {
    /// Creates the object of statistics.
    fn of(stats: &'s Stats) -> Self {
        let events = stats.events.by_count(|events| events.count).into_iter();
        let events = events.map(|(name, events)| EventObject::of(Some(name), *events));
        let unnamed = Some(stats.unnamed_events).filter(|events| events.count > 0);
        let unnamed = unnamed.map(|events| EventObject::of(None, events));
        let hours = stats.hours.iter().map(|(start, payloads)| HourObject {
            start: Time(*start),
            payloads: payloads.count,
            invalid: payloads.invalid,
        });
        let codes = stats.codes.by_count(CodeTally::total).into_iter();
        let codes = codes.map(|(code, tally)| CodeObject {
            code: code.into(),
            errors: tally.errors,
            warnings: tally.warnings,
            example: tally.example.as_ref().map(|example| ExampleObject {
                path: (&*example.path).into(),
                line: example.position.line,
                column: example.position.column,
            }),
        });
        Self {
            version: VERSION,
            masked: stats.masking == Masking::On,
            payloads: stats.payloads,
            bytes: stats.bytes,
            valid: stats.valid,
            expected: stats.expected,
            invalid: stats.invalid,
            errors: stats.errors,
            warnings: stats.warnings,
            unreadable: stats.unreadable,
            empty: stats.empty,
            skipped: stats.skipped,
            first: stats.first.map(Time),
            last: stats.last.map(Time),
            untimed: stats.untimed,
            kinds: names(&stats.kinds),
            events: events.chain(unnamed).collect(),
            enterprises: entities(&stats.enterprises),
            integrations: entities(&stats.integrations),
            hours: hours.collect(),
            codes: codes.collect(),
            captures: names(&stats.captures),
            distinct: stats.distinct.as_ref().map(|distinct| DistinctObject {
                entities: distinct.entities(),
                bodies: distinct.bodies(),
                duplicates: distinct.duplicates(),
                entity_hashes: HashList(Cow::Borrowed(&distinct.entities)),
                body_hashes: HashList(Cow::Borrowed(&distinct.bodies)),
            }),
        }
    }
}

impl<'s> EventObject<'s> {
    fn of(name: Option<&'s str>, events: Tally) -> Self {
        Self {
            name: name.map(Cow::Borrowed),
            events: events.count,
            invalid: events.invalid,
        }
    }
}

fn names(tallies: &ByName<Tally>) -> Vec<NameObject<'_>> {
    let tallies = tallies.by_count(|payloads| payloads.count).into_iter();
    let objects = tallies.map(|(name, payloads)| NameObject {
        name: name.into(),
        payloads: payloads.count,
        invalid: payloads.invalid,
    });
    objects.collect()
}

fn entities(tallies: &ByName<EntityTally>) -> Vec<EntityObject<'_>> {
    let tallies = tallies.by_count(|tally| tally.payloads.count).into_iter();
    let objects = tallies.map(|(id, tally)| EntityObject {
        id: id.into(),
        name: tally.name.as_ref().map(|name| (&*name.name).into()),
        named: tally.name.as_ref().and_then(|name| name.at).map(Time),
        payloads: tally.payloads.count,
        invalid: tally.payloads.invalid,
    });
    objects.collect()
}
