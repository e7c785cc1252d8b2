//! Streams are cut into payloads: a broken payload affects no other one, and how the bytes arrive
//! changes nothing.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use mewshook::checks::{Checker, Policy};
use mewshook::contract::Event;
use mewshook::frame::{Frames, Next};
use mewshook::sample;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use support::{Trickle, cases};

/// How a payload of a stream is broken.
#[derive(Debug, Clone)]
enum Damage {
    /// Not at all.
    None,
    /// It is truncated after some character.
    Truncated(Index),
    /// It has a comma before the last bracket.
    TrailingComma,
    /// It has a letter in the place of some colon.
    NoColon(Index),
}

impl Damage {
    fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Returns the text of a payload with this damage.
    fn apply(&self, payload: &Value, is_pretty: bool) -> String {
        let text = if is_pretty {
            format!("{payload:#}")
        } else {
            payload.to_string()
        };
        match self {
            Self::None => text,
            Self::Truncated(index) => {
                let length = 1 + index.index(text.len() - 1);
                let length = (length..=text.len())
                    .find(|at| text.is_char_boundary(*at))
                    .unwrap();
                // At least the last bracket is cut off.
                text[..length.min(text.len() - 1)].trim_end().to_owned()
            }
            Self::TrailingComma => {
                let last = text.rfind('}').unwrap();
                let (body, _) = text.split_at(last);
                format!("{},{}", body.trim_end(), &text[body.trim_end().len()..])
            }
            Self::NoColon(index) => {
                let colons: Vec<_> = text.match_indices("\":").map(|(at, _)| at + 1).collect();
                let at = *index.get(&colons);
                format!("{}x{}", &text[..at], &text[at + 1..])
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => Just(Damage::None),
        2 => any::<Index>().prop_map(Damage::Truncated),
        1 => Just(Damage::TrailingComma),
        1 => any::<Index>().prop_map(Damage::NoColon),
    ]
}

/// Some payloads, each with its damage.
fn payloads() -> impl Strategy<Value = Vec<(Damage, Value)>> {
    let events: Vec<&'static Event> = sample::events().collect();
    let payload = any::<Index>().prop_map(move |index| {
        let event: &Event = events[index.index(events.len())];
        serde_json::from_str::<Value>(event.sample).unwrap()
    });
    prop::collection::vec((damage(), payload), 1..8)
}

/// What may stand between two payloads but doesn't belong there, such as the start of an array that
/// is never closed. A superfluous bracket at the end of a payload's line is not included, since that
/// is a broken payload.
const NOISE: [&str; 23] = [
    ",\n",
    "\n,\n",
    ",",
    " , ",
    "\n,,\n",
    " 3 ",
    "\n3\n",
    " null ",
    " \"x\" ",
    " x ",
    "\nx\n",
    " x y: ",
    "\nx ",
    "} ",
    "\n}\n",
    " } ",
    "],\n",
    "\n]\n",
    "\n[\n",
    " [",
    " /* { */\n",
    "\n// [{\n",
    "\u{feff}",
];

/// Some payloads, each with its damage and with what stands after it.
fn noisy_payloads() -> impl Strategy<Value = Vec<(Damage, Value, &'static str)>> {
    let separator = prop_oneof![
        2 => Just("\n"),
        1 => Just(" "),
        3 => prop::sample::select(NOISE.to_vec()),
    ];
    let separators = prop::collection::vec(separator, 8);
    (payloads(), separators).prop_map(|(payloads, separators)| {
        let payloads = payloads.into_iter().zip(separators);
        let mut was_broken = false;
        let mut payloads: Vec<_> = payloads
            .map(|((damage, payload), separator)| {
                // After a broken payload, only a line break shows that it has ended; and one that
                // is truncated after a colon is completed by the next payload and a stray `}`.
                let is_near_broken = !damage.is_none() || was_broken;
                was_broken = !damage.is_none();
                let separator = if is_near_broken { "\n" } else { separator };
                (damage, payload, separator)
            })
            .collect();
        if let Some((.., separator)) = payloads.last_mut() {
            *separator = "\n";
        }
        payloads
    })
}

/// Returns the line, the column and the offset of each payload, and whether it is valid.
fn verdicts(mut frames: Frames) -> Vec<(u64, u64, u64, bool)> {
    let mut checker = Checker::new(Policy::default(), None);
    let mut verdicts = Vec::new();
    loop {
        match frames.next().unwrap() {
            Next::Batch(batch) => verdicts.extend(batch.frames().map(|frame| {
                let verdict = checker.check(&frame.payload).verdict;
                let start = frame.payload.start;
                (start.line, start.column, frame.offset, verdict.valid)
            })),
            Next::Idle => {}
            Next::End => return verdicts,
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// Of payloads in a row, one a line or pretty-printed, each is found at its own line, and exactly
    /// the broken ones are invalid.
    #[test]
    fn a_broken_payload_affects_no_other(payloads in payloads(), is_pretty: bool) {
        let mut stream = String::new();
        let mut expected = Vec::new();
        for (damage, payload) in &payloads {
            let line = 1 + stream.matches('\n').count() as u64;
            expected.push((line, 1, stream.len() as u64, damage.is_none()));
            stream.push_str(&damage.apply(payload, is_pretty));
            stream.push('\n');
        }
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        prop_assert_eq!(found, expected, "{}", stream);
    }

    /// The same for the items of a root array, if they are broken in ways that keep the brackets.
    #[test]
    fn a_broken_item_affects_no_other(payloads in payloads(), is_pretty: bool, separator in "[ \n]{0,2},[ \n]{0,2}") {
        let mut stream = String::from("[");
        let mut expected = Vec::new();
        for (index, (damage, payload)) in payloads.iter().enumerate() {
            if index > 0 {
                stream.push_str(&separator);
            }
            let damage = if matches!(damage, Damage::Truncated(_)) { &Damage::None } else { damage };
            let line = 1 + stream.matches('\n').count() as u64;
            let column = 1 + stream.rsplit('\n').next().unwrap().chars().count() as u64;
            expected.push((line, column, stream.len() as u64, damage.is_none()));
            stream.push_str(&damage.apply(payload, is_pretty));
        }
        stream.push(']');
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        prop_assert_eq!(found, expected, "{}", stream);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// Whatever stands between payloads, on their lines or on lines of its own, each one that isn't
    /// broken is found.
    #[test]
    fn noise_hides_no_payload(payloads in noisy_payloads(), is_pretty: bool, start in "(|\\[\n?)") {
        let mut stream = start;
        let mut expected = Vec::new();
        for (damage, payload, separator) in &payloads {
            if damage.is_none() {
                expected.push(stream.len() as u64);
            }
            stream.push_str(&damage.apply(payload, is_pretty));
            stream.push_str(separator);
        }
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        let valid = found.iter().filter(|(.., is_valid)| *is_valid);
        let valid: Vec<_> = valid.map(|(_, _, offset, _)| *offset).collect();
        prop_assert_eq!(valid, expected, "{}", stream);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// The result is the same whether the bytes trickle in or arrive at once.
    #[test]
    fn how_bytes_arrive_changes_nothing(
        payloads in payloads(), is_pretty: bool, noise in "[ -~\n{}\\[\\],:\"é]{0,40}", index in any::<Index>(),
        sizes in prop::collection::vec(1_usize..40, 1..5),
    ) {
        let mut stream = String::new();
        for (damage, payload) in &payloads {
            stream.push_str(&damage.apply(payload, is_pretty));
            stream.push('\n');
        }
        let offset = index.index(stream.len());
        let offset = (offset..=stream.len()).find(|offset| stream.is_char_boundary(*offset)).unwrap();
        stream.insert_str(offset, &noise);
        let at_once = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        let trickled = verdicts(Frames::from_reader(Trickle::new(&stream, sizes)));
        prop_assert_eq!(at_once, trickled, "{}", stream);
    }
}

/// A root array that is never closed is one error, whatever follows.
#[test]
fn an_array_that_is_not_closed_is_one_error() {
    let samples = sample::events().map(|event| event.sample);
    let lines = samples.map(|text| serde_json::from_str::<Value>(text).unwrap().to_string());
    let lines: Vec<_> = lines.collect();
    for (start, separator) in [
        ("[\n", "\n"),
        ("[", "\n"),
        ("[\n", ",\n"),
        ("[", " "),
        ("[", ","),
    ] {
        let stream = format!("{start}{}\n", lines.join(separator));
        let found = verdicts(Frames::from_bytes(stream.into_bytes()));
        let valid = found.iter().filter(|(.., is_valid)| *is_valid).count();
        assert_eq!(
            (valid, found.len()),
            (lines.len(), lines.len() + 1),
            "{start:?} {separator:?}"
        );
    }
}

/// Regression: where a bracket of the other kind closes a payload, and another payload follows on the
/// same line, the number of payloads depended on how the bytes arrived.
#[test]
fn a_payload_closed_by_the_other_bracket_ends_there_however_it_arrives() {
    for stream in [
        "{0]{\"a\":1}",
        "{]{}",
        "{}\n{]{\"Events\": []}\n",
        "{\"a\": 1]  {\"b\": 2}",
    ] {
        let at_once = verdicts(Frames::from_bytes(stream.into()));
        for size in 1..stream.len() {
            let trickled = verdicts(Frames::from_reader(Trickle::new(stream, vec![size])));
            assert_eq!(at_once, trickled, "{stream}");
        }
    }
}

/// Regression: in text that is skipped, a character that arrived in two parts counted as two columns.
#[test]
fn a_character_that_arrives_in_parts_is_one_column() {
    let stream = "{} x \u{e9}\u{20ac}\u{1f600} {\"Events\": []}\n";
    let at_once = verdicts(Frames::from_bytes(stream.into()));
    assert_eq!(at_once.last().map(|found| found.1), Some(10), "{at_once:?}");
    for size in 1..stream.len() {
        let trickled = verdicts(Frames::from_reader(Trickle::new(stream, vec![size])));
        assert_eq!(at_once, trickled, "{size} bytes at a time");
    }
}
