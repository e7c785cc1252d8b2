//! Making payloads: plausible, varied by a seed, and recognisably made up.
//!
//! A payload is a bundled sample with new ids, names, times and tokens. Its random numbers are
//! those of PCG32, whose sequence is fixed by its definition, with the seed as the state and the
//! payload's number as the stream. So the same seed gives the same bytes on every machine, and
//! what gives other bytes is a change for a minor version.

mod dice;
mod fault;
mod fill;
mod names;
mod pointer;
mod story;
mod values;

use serde_json::Value;

use crate::checks::rules;
use crate::contract::{Event, Kind};
use crate::diagnostic::Level;

pub(crate) use dice::{is_made_up_email, is_made_up_name};
pub use fault::{NoSuchFault, broken, invalid};
pub use names::{NoSuchName, Request, find};
pub use pointer::{Edit, NoPlace, Pointer, PointerError};
pub use story::{Plan, Story};
pub use values::{Named, Place, Values, parse_time};

/// How a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Over several lines, with two spaces a level.
    Pretty,
    /// In one line.
    Line,
}

/// A payload of one event.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// The event; the first of them, in a message that holds several.
    pub event: &'static Event,
    /// Whether the other events of a message are the next of its kind, or the same.
    pub is_mixed: bool,
    /// How many events a message holds.
    pub events: usize,
    /// Where the made-up values start.
    pub seed: u64,
    /// Which of the payloads of that seed this is.
    pub number: u64,
}

impl Recipe {
    /// Makes the payload. It passes `validate --strict`.
    pub fn make(&self) -> Value {
        self.make_with(&Values::default())
    }

    /// Makes the payload with these values; all others are the same as without.
    pub fn make_with(&self, values: &Values) -> Value {
        let mut payload = parse(self.event.sample);
        if let Some(events) = payload.get_mut("Events").and_then(Value::as_array_mut) {
            let kind: Vec<&Event> = self.event.kind.events().collect();
            let first = kind
                .iter()
                .position(|event| *event == self.event)
                .unwrap_or_default();
            let step = usize::from(self.is_mixed);
            *events = (0..self.events)
                .map(|number| {
                    parse(kind[(first + step * number) % kind.len()].sample)["Events"][0].take()
                })
                .collect();
        }
        fill::fill(&mut payload, self.seed, self.number, values);
        payload
    }
}

/// Writes a payload, with a line break at the end.
pub fn write(payload: &Value, layout: Layout) -> String {
    let mut text = match layout {
        Layout::Pretty => format!("{payload:#}"),
        Layout::Line => payload.to_string(),
    };
    text.push('\n');
    text
}

/// The codes that [`invalid`] makes payloads for: those of all errors.
pub fn error_codes() -> impl Iterator<Item = &'static str> {
    let errors = rules().filter(|rule| rule.level == Level::Error);
    errors.map(|rule| rule.code)
}

/// Every event that has a sample.
pub fn events() -> impl Iterator<Item = &'static Event> {
    Kind::ALL.into_iter().flat_map(Kind::events)
}

#[expect(
    clippy::expect_used,
    reason = "the samples are part of the program, and tested"
)]
fn parse(sample: &str) -> Value {
    serde_json::from_str(sample).expect("bundled samples are JSON")
}
