//! On a terminal, lines fit its width and no word is broken. In a pipe, lines are not truncated.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::iter;

use mewshook::checks::rules;
use mewshook::contract::Kind;
use mewshook::frame::Frames;
use mewshook::report::Style;
use mewshook::steps;
use unicode_width::UnicodeWidthStr;

use support::printed::printed_with_style;

/// Returns each sample and a payload for each code, with their names.
fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let events = Kind::ALL.into_iter().flat_map(Kind::events);
    let samples = events.map(|event| (event.name, event.sample));
    let rules = rules().filter(|rule| !rule.before.is_empty());
    samples.chain(rules.map(|rule| (rule.code, rule.before)))
}

fn print(text: &str, format: &str, width: usize, is_fitted: bool) -> String {
    let style = Style {
        colour: false,
        width,
        is_fitted,
    };
    printed_with_style(
        style,
        Frames::from_bytes(text.as_bytes().to_vec()),
        format,
        1,
    )
}

/// Returns the words outside of source lines.
fn words(printed: &str) -> Vec<&str> {
    let is_source = |line: &&str| {
        let line = line.trim_start_matches(' ');
        line.trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(" |")
            || line.starts_with('|')
    };
    let prose = printed.lines().filter(|line| !is_source(line));
    prose.flat_map(str::split_whitespace).collect()
}

#[test]
fn lines_fit_and_no_word_is_broken() {
    for (name, text) in texts() {
        for format in ["human", "inspect", "timeline human", "plan human"] {
            let unfitted = print(text, format, 100, false);
            for width in [80, 50, 40] {
                let fitted = print(text, format, width, true);
                for line in fitted.lines() {
                    let is_word = line.trim_start().split(' ').count() == 1;
                    let fits = line.width() <= width || (width == 40 && is_word);
                    assert!(fits, "{name} at {width}: {line}\n{fitted}");
                }
                assert_eq!(
                    words(&fitted),
                    words(&unfitted),
                    "{name} at {width}\n{fitted}"
                );
            }
        }
    }
}

#[test]
fn lists_of_statistics_fit() {
    let all: Vec<_> = texts().map(|(_, text)| text).collect();
    let all = all.join("\n");
    for width in [120, 80, 60, 50, 40] {
        let fitted = print(&all, "stats-human", width, true);
        for line in fitted.lines() {
            assert!(line.width() <= width, "{width}: {line}\n{fitted}");
        }
        let is_longer = |line: &str| line.width() > width;
        let unfitted = print(&all, "stats-human", width, false);
        assert!(width == 120 || unfitted.lines().any(is_longer), "{width}");
    }
}

#[test]
fn rows_fit() {
    for (name, text) in texts() {
        let text = format!("{text}\n{text}\n");
        for width in [80, 50, 40] {
            let fitted = print(&text, "inspect", width, true);
            for line in fitted.lines() {
                let is_word = line.trim_start().split(' ').count() == 1;
                let fits = line.width() <= width || is_word && width == 40;
                assert!(fits, "{name} at {width}: {line}\n{fitted}");
            }
        }
    }
}

/// Wide characters take two columns each.
#[test]
fn wide_text_fits() {
    let wide = "\u{6771}\u{4eac}".repeat(30);
    let created = Kind::Integration.events().next().unwrap().sample;
    let text = created.replace("Sample Chain Hotel 1", &wide);
    let text = text.replace("2019-12-13T14:42:52Z", &wide);
    let minified = serde_json::from_str::<serde_json::Value>(&text)
        .unwrap()
        .to_string();
    for text in [minified.clone(), format!("{minified}\n{minified}\n")] {
        for width in [80, 50] {
            for line in print(&text, "human", width, true).lines() {
                assert!(
                    line.width() <= width || !line.contains(' '),
                    "{width}: {line}"
                );
            }
        }
    }
    for line in print(&format!("{minified}\n{minified}\n"), "inspect", 50, true).lines() {
        assert!(line.width() <= 50, "{line}");
    }
}

/// `grep` finds the whole name of a hotel, however long it is.
#[test]
fn rows_in_a_pipe_are_not_truncated() {
    let name = "A name of several words ".repeat(20);
    let created = Kind::Integration.events().next().unwrap().sample;
    let text = created.replace("Sample Chain Hotel 1", &name);
    let rows = print(&format!("{text}\n{text}\n"), "inspect", 50, false);
    assert_eq!(rows.matches(&name).count(), 2, "{rows}");
}

/// A row measures each detail once, however many there are and however narrow.
#[test]
fn rows_on_a_terminal_take_linear_time() {
    let narrow = r#"{"Discriminator":"A","Value":{"Id":"#.to_owned()
        + &format!("\"{}\"}}}}", "\u{301}".repeat(100));
    let empty = r#"{"Discriminator":"A"}"#;
    let events: Vec<_> = iter::repeat_n(&*narrow, 10)
        .chain(iter::repeat_n(empty, 2000))
        .collect();
    let line = format!("{{\"Events\":[{}]}}\n", events.join(","));
    let text = line.repeat(2);
    let before = steps::count();
    print(&text, "inspect", 80, true);
    let per_byte = (steps::count() - before) / text.len() as u64;
    assert!(per_byte < 20, "{per_byte} steps a byte");
}
