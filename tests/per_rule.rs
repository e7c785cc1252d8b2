//! Reports for people show the first diagnostics of each rule and place, and count the others. What they show
//! depends neither on the number of threads nor on how the bytes arrive.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::collections::BTreeMap;

use mewshook::frame::Frames;
use mewshook::report::{Format, ReportOptions, View};
use mewshook::steps;
use proptest::prelude::*;
use serde_json::Value;

use support::printed::{printed, report};
use support::{Trickle, cases, changed_payload};

const ROWS: View = View::Payloads {
    inputs: 1,
    is_followed: true,
};

/// A payload with one error, in the id of its event.
const WRONG_ID: &str = "{\"Events\": [{\"Discriminator\": \"CustomerAdded\", \"Value\": {\"Id\": 1}}], \"EnterpriseId\": \"851df8c8-90f2-4c4a-8e01-a4fc46b25178\", \"IntegrationId\": \"c8bee838-7fb1-4f4e-8fac-ac87008b2f90\"}\n";

/// Returns the report for people on a stream.
fn human(frames: Frames, view: View, max_per_rule: Option<u64>, threads: usize) -> String {
    let mut out = Vec::new();
    let options = ReportOptions {
        view,
        max_per_rule,
        ..ReportOptions::default()
    };
    let format = Format::by_name("human").unwrap();
    report(format.reporter(&mut out, options), frames, threads, 100);
    String::from_utf8(out).unwrap()
}

fn frames(text: &str) -> Frames {
    Frames::from_bytes(text.as_bytes().to_vec())
}

/// Returns the code of each diagnostic in a report, and its line and column.
fn shown(report: &str) -> Vec<(String, String)> {
    let lines: Vec<_> = report.lines().collect();
    let titles = lines.windows(2).filter_map(|lines| {
        let (_, title) = lines[0].split_once('[')?;
        let (_, place) = lines[1].trim_start().split_once("--> capture:")?;
        Some((title.split(']').next()?.to_owned(), place.to_owned()))
    });
    titles.collect()
}

/// Returns the numbers in the table of a report, by code and place.
fn table(report: &str) -> BTreeMap<(String, String), (u64, u64)> {
    let lines = report.lines();
    let lines = lines.skip_while(|line| !line.ends_with("--max-per-rule shows more"));
    let rows = lines.skip(2).take_while(|line| line.starts_with(' '));
    let number = |text: &str| text.replace(',', "").parse().unwrap();
    let rows = rows.map(|line| {
        let mut rest = line;
        let mut cell = || {
            let (cell, after) = rest.trim_start().split_once(' ').unwrap();
            rest = after.trim_start();
            cell.to_owned()
        };
        let (not_shown, total, code) = (number(&cell()), number(&cell()), cell());
        ((code, rest.to_owned()), (not_shown, total))
    });
    rows.collect()
}

/// Returns the place of a diagnostic as the table names it.
fn place(pointer: &str) -> String {
    let tokens = pointer.split('/').map(|token| {
        let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { "*" } else { token }
    });
    match pointer {
        "" => "(the payload)".into(),
        _ => tokens.collect::<Vec<_>>().join("/"),
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_first_of_each_rule_and_place_are_shown(
        payloads in prop::collection::vec(changed_payload(), 1..12), repeats in 1_usize..6,
        max in 1_u64..5, size in 1_usize..2000, threads in 1_usize..5,
    ) {
        let once: Vec<_> = payloads.iter().map(ToString::to_string).collect();
        let text = (once.join("\n") + "\n").repeat(repeats);
        let records = printed(frames(&text), "ndjson", 1);
        let mut expected = Vec::new();
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        for record in records.lines() {
            let record: Value = serde_json::from_str(record).unwrap();
            for found in record["diagnostics"].as_array().unwrap() {
                let code = found["code"].as_str().unwrap().to_owned();
                let count = counts.entry((code.clone(), place(found["pointer"].as_str().unwrap())));
                let count = count.or_default();
                *count += 1;
                if *count <= max {
                    expected.push((code, format!("{}:{}", found["line"], found["column"])));
                }
            }
        }
        let report = human(frames(&text), View::Diagnostics, Some(max), 1);
        prop_assert_eq!(shown(&report), expected, "{}", report);
        let rows = counts.into_iter().filter(|(_, count)| *count > max);
        let rows: BTreeMap<_, _> = rows.map(|(key, count)| (key, (count - max, count))).collect();
        // A long place is cut, and a long table too.
        let is_whole = rows.len() <= 50 && rows.keys().all(|(_, place)| place.len() <= 200);
        prop_assert!(!is_whole || table(&report) == rows, "{}\n{:?}", report, rows);
        for view in [View::Diagnostics, ROWS] {
            let expected = human(frames(&text), view, Some(max), 1);
            let trickle = Frames::from_reader(Trickle::new(&text, vec![size]));
            prop_assert_eq!(human(trickle, view, Some(max), threads), expected);
            // A maximum that nothing reaches changes nothing.
            let all = human(frames(&text), view, None, 1);
            prop_assert_eq!(human(frames(&text), view, Some(u64::MAX), threads), all);
        }
    }
}

/// Returns payloads with an error each, and with a property that no other payload has.
fn distinct(count: usize) -> String {
    let payloads = (0..count).map(|number| {
        format!("{{\"Action\": \"IntegrationEnabled\", \"Data\": {{}}, \"a{number}\": 1}}\n")
    });
    payloads.collect()
}

/// The same mistake in every payload takes little output, and less work than to format it.
#[test]
fn what_is_not_shown_is_not_formatted() {
    let text = WRONG_ID.repeat(5_000);
    let work = |max| {
        let start = steps::count();
        let report = human(frames(&text), View::Diagnostics, max, 1);
        (report, steps::count() - start)
    };
    let (report, steps) = work(Some(10));
    assert_eq!(report.lines().count(), 10 * 8 + 6, "{report}");
    let key = ("wrong-type".to_owned(), "/Events/*/Value/Id".to_owned());
    assert_eq!(table(&report)[&key], (4_990, 5_000));
    let (_, all) = work(None);
    // A diagnostic with its source line has several hundred bytes.
    assert!(all - steps > 4_990 * 500, "{steps} of {all} steps");
}

/// Returns a stream with a number of diagnostics of a kind.
type Generator = fn(usize) -> String;

/// Four times as many diagnostics take about four times the work, whether their places are the same or not,
/// and in one payload or in many.
#[test]
fn work_grows_with_the_input() {
    let same = |count| WRONG_ID.repeat(count);
    let in_one = |count: usize| format!("{{\"Events\": [{}]}}", vec!["0"; count].join(","));
    let texts: [(&str, Generator); 3] = [
        ("same", same),
        ("distinct", distinct),
        ("in one payload", in_one),
    ];
    for (name, text) in texts {
        for view in [View::Diagnostics, ROWS] {
            let steps = |count| {
                let text = text(count);
                let start = steps::count();
                human(frames(&text), view, Some(2), 1);
                steps::count() - start
            };
            // What is in the first sizes only, such as what is shown, does not count.
            let [small, medium, large] = [500, 1000, 4000].map(steps);
            let (first, second) = (medium - small, large - medium);
            assert!(
                second < 6 * 2 * first,
                "{name}: {small}, {medium}, {large} steps"
            );
        }
    }
}

/// Memory does not grow with the number of places, and the counts of those that are not remembered are
/// added.
#[test]
fn many_places_are_counted_as_one() {
    let text = distinct(10_500);
    let report = human(frames(&text), View::Diagnostics, Some(3), 2);
    let counts = table(&report);
    let others = (
        "others".to_owned(),
        "more than 10,000 other places".to_owned(),
    );
    // One of the places that are remembered is that of the error.
    assert_eq!(counts[&others], (498, 501));
    let error = ("missing-property".to_owned(), "/Data".to_owned());
    assert_eq!(counts[&error], (10_497, 10_500));
    assert_eq!(counts.len(), 2);
    assert_eq!(shown(&report).len(), 3 + 9_999 + 3);
}
