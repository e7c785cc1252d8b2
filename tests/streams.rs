//! Cutting streams into payloads: whatever is broken costs itself alone, and how the bytes
//! arrive changes nothing.

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

/// A payload of a stream.
#[derive(Debug, Clone)]
enum Segment {
    Sound,
    /// Cut off behind some character.
    Cut(Index),
    /// A comma before the last bracket.
    TrailingComma,
    /// A letter in the place of some colon.
    NoColon(Index),
}

impl Segment {
    fn is_sound(&self) -> bool {
        matches!(self, Self::Sound)
    }

    fn text(&self, payload: &Value, is_pretty: bool) -> String {
        let text = if is_pretty {
            format!("{payload:#}")
        } else {
            payload.to_string()
        };
        match self {
            Self::Sound => text,
            Self::Cut(index) => {
                let length = 1 + index.index(text.len() - 1);
                let length = (length..=text.len())
                    .find(|at| text.is_char_boundary(*at))
                    .unwrap();
                // Behind the last bracket nothing is cut off.
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

fn piece() -> impl Strategy<Value = Segment> {
    prop_oneof![
        4 => Just(Segment::Sound),
        2 => any::<Index>().prop_map(Segment::Cut),
        1 => Just(Segment::TrailingComma),
        1 => any::<Index>().prop_map(Segment::NoColon),
    ]
}

/// Some pieces, each with the event that it is made from.
fn segments() -> impl Strategy<Value = Vec<(Segment, Value)>> {
    let events: Vec<&'static Event> = sample::events().collect();
    let payload = any::<Index>().prop_map(move |index| {
        let event: &Event = events[index.index(events.len())];
        serde_json::from_str::<Value>(event.sample).unwrap()
    });
    prop::collection::vec((piece(), payload), 1..8)
}

/// What may stand between two payloads, and should not; an array that is never closed among it. A
/// bracket too many at the end of a payload's line is not: that is a broken payload.
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

/// Some payloads, each with what stands behind it, and whether that is an error.
fn noisy() -> impl Strategy<Value = Vec<(Segment, Value, &'static str)>> {
    let behind = prop_oneof![
        2 => Just("\n"),
        1 => Just(" "),
        3 => prop::sample::select(NOISE.to_vec()),
    ];
    let behind = prop::collection::vec(behind, 8);
    (segments(), behind).prop_map(|(pieces, behind)| {
        let pieces = pieces.into_iter().zip(behind);
        let mut was_broken = false;
        let mut pieces: Vec<_> = pieces
            .map(|((piece, payload), noise)| {
                // Behind a broken payload, only a line break shows that it has ended; and one that
                // was cut behind a colon is made whole by the next payload and a stray `}`.
                let is_plain = !piece.is_sound() || was_broken;
                was_broken = !piece.is_sound();
                (piece, payload, if is_plain { "\n" } else { noise })
            })
            .collect();
        if let Some((.., noise)) = pieces.last_mut() {
            *noise = "\n";
        }
        pieces
    })
}

/// What a stream was cut into: line, column, offset, and whether it is valid.
fn verdicts(mut payloads: Frames) -> Vec<(u64, u64, u64, bool)> {
    let mut checker = Checker::new(Policy::default(), None);
    let mut verdicts = Vec::new();
    loop {
        match payloads.next().unwrap() {
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

    /// Of payloads in a row, one a line or pretty-printed, each broken one is one invalid one, at
    /// its own line, and each sound one is checked.
    #[test]
    fn a_broken_payload_costs_itself_alone(pieces in segments(), is_pretty: bool) {
        let mut stream = String::new();
        let mut expected = Vec::new();
        for (piece, payload) in &pieces {
            let line = 1 + stream.matches('\n').count() as u64;
            expected.push((line, 1, stream.len() as u64, piece.is_sound()));
            stream.push_str(&piece.text(payload, is_pretty));
            stream.push('\n');
        }
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        prop_assert_eq!(found, expected, "{}", stream);
    }

    /// The same of the items of a root array, which may be broken in ways that keep brackets.
    #[test]
    fn a_broken_item_costs_itself_alone(pieces in segments(), is_pretty: bool, separator in "[ \n]{0,2},[ \n]{0,2}") {
        let mut stream = String::from("[");
        let mut expected = Vec::new();
        for (number, (piece, payload)) in pieces.iter().enumerate() {
            if number > 0 {
                stream.push_str(&separator);
            }
            let piece = if matches!(piece, Segment::Cut(_)) { &Segment::Sound } else { piece };
            let line = 1 + stream.matches('\n').count() as u64;
            let column = 1 + stream.rsplit('\n').next().unwrap().chars().count() as u64;
            expected.push((line, column, stream.len() as u64, piece.is_sound()));
            stream.push_str(&piece.text(payload, is_pretty));
        }
        stream.push(']');
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        prop_assert_eq!(found, expected, "{}", stream);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// Whatever stands between payloads, in their lines or in lines of its own, costs no sound one.
    #[test]
    fn noise_costs_no_sound_payload(pieces in noisy(), is_pretty: bool, start in "(|\\[\n?)") {
        let mut stream = start;
        let mut sound = Vec::new();
        for (piece, payload, noise) in &pieces {
            if piece.is_sound() {
                sound.push(stream.len() as u64);
            }
            stream.push_str(&piece.text(payload, is_pretty));
            stream.push_str(noise);
        }
        let found = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        let valid = found.iter().filter(|(.., is_valid)| *is_valid);
        let valid: Vec<_> = valid.map(|(_, _, offset, _)| *offset).collect();
        prop_assert_eq!(valid, sound, "{}", stream);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Bytes that trickle in are cut as those that come at once.
    #[test]
    fn how_bytes_arrive_changes_nothing(
        pieces in segments(), is_pretty: bool, noise in "[ -~\n{}\\[\\],:\"é]{0,40}", at in any::<Index>(),
        sizes in prop::collection::vec(1_usize..40, 1..5),
    ) {
        let mut stream = String::new();
        for (piece, payload) in &pieces {
            stream.push_str(&piece.text(payload, is_pretty));
            stream.push('\n');
        }
        let place = (at.index(stream.len())..=stream.len()).find(|at| stream.is_char_boundary(*at)).unwrap();
        stream.insert_str(place, &noise);
        let at_once = verdicts(Frames::from_bytes(stream.clone().into_bytes()));
        let trickled = verdicts(Frames::from_reader(Trickle::new(&stream, sizes)));
        prop_assert_eq!(at_once, trickled, "{}", stream);
    }
}

/// A root array that is never closed costs one error, whatever follows.
#[test]
fn an_array_that_is_not_closed_is_one_error() {
    let payloads = || sample::events().map(|event| event.sample);
    let lines = payloads().map(|text| serde_json::from_str::<Value>(text).unwrap().to_string());
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

/// Once the end of the input decided how many payloads there are: where a bracket of the other kind
/// closes one, and another stands in the same line.
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

/// Once a character that arrived in two parts, in text that is skipped, counted as two columns.
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
