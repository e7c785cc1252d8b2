//! Makes payloads: plausible, varied by a seed, and recognisably made up.
//!
//! A payload is a bundled sample with new ids, names, times and tokens. The random numbers are
//! those of PCG32, with the seed as the state and the payload's number as the stream. PCG32 defines
//! its sequence, so a seed gives the same bytes on every machine. A change that makes a seed give
//! other bytes needs a new minor version.

mod field;
mod fill;
mod invalid;
mod pointer;
mod random;
mod scenario;
mod selection;
mod values;

use serde_json::Value;

use crate::checks::rules;
use crate::contract::{Event, Kind};
use crate::diagnostic::Level;

pub use field::Field;
pub use invalid::{NoInvalidPayload, invalidate};
pub use pointer::{Edit, EditError, Pointer, PointerError};
#[cfg(feature = "deliver")]
pub(crate) use random::Random;
pub(crate) use random::{is_made_up_email, is_made_up_name};
pub use scenario::{Scenario, ScenarioOptions};
pub use selection::{Selection, SelectionError, find};
pub use values::{NamedId, Values, parse_time};

/// The layout of a written payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Several lines, indented by two spaces per level.
    Pretty,
    /// One line.
    Line,
}

/// The parameters of a payload.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// The event, or the first event of a message with several.
    pub event: &'static Event,
    /// Whether the other events of a message are the next ones of the kind, instead of the same
    /// one.
    pub is_mixed: bool,
    /// The number of events in a message.
    pub events: usize,
    /// The seed of the made-up values.
    pub seed: u64,
    /// The number of the payload among those of the seed.
    pub number: u64,
}

impl Recipe {
    /// Makes the payload, which passes `validate --strict`.
    pub fn make(&self) -> Value {
        self.make_with(&Values::default())
    }

    /// Makes the payload with given values. All other values are the same as those of
    /// [`make`](Self::make).
    pub fn make_with(&self, values: &Values) -> Value {
        let mut payload = parse(self.event.sample);
        if let Some(events) = payload.get_mut("Events").and_then(Value::as_array_mut) {
            let of_kind: Vec<&Event> = self.event.kind.events().collect();
            let first = of_kind
                .iter()
                .position(|event| *event == self.event)
                .unwrap_or_default();
            let step = usize::from(self.is_mixed);
            *events = (0..self.events)
                .map(|number| {
                    parse(of_kind[(first + step * number) % of_kind.len()].sample)["Events"][0]
                        .take()
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

/// Returns the codes that [`invalidate`] accepts, which are those of all errors.
pub fn error_codes() -> impl Iterator<Item = &'static str> {
    let errors = rules().filter(|rule| rule.level == Level::Error);
    errors.map(|rule| rule.code)
}

/// Returns all events that have a sample.
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
