//! Times as captures write them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

use crate::document::{Node, Tag};

/// Returns a time as RFC 3339 in UTC where its notation is known, and as written otherwise.
pub(super) fn of_node(node: Node<'_>) -> Option<String> {
    match node.tag() {
        Tag::Number => of_number(node.text()),
        _ => of_text(&node.as_str()?),
    }
}

/// Returns the time of a text: RFC 3339, a number, or another notation, which is kept as it is.
pub(super) fn of_text(text: &str) -> Option<String> {
    const MAX_LENGTH: usize = 40;
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(format(time.to_utc()));
    }
    if let Some(time) = of_number(text) {
        return Some(time);
    }
    if let Ok(time) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z") {
        return Some(format(time.to_utc()));
    }
    // Services write times of a database, which are in UTC, without an offset.
    if let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f") {
        return Some(format(time.and_utc()));
    }
    // A text without digits and separators is a name or a word.
    let has_date = text.len() >= 8 && text.contains(['-', '/', ':', ' ']);
    let is_time =
        has_date && text.len() <= MAX_LENGTH && text.contains(|c: char| c.is_ascii_digit());
    is_time.then(|| text.to_owned())
}

/// Returns the time of a number of seconds, milliseconds, microseconds or nanoseconds since 1970,
/// by its size: all of these differ for times between 1990 and 2200.
fn of_number(text: &str) -> Option<String> {
    const NEWEST: f64 = 7.3e9;
    const OLDEST: f64 = 6.3e8;
    let number: f64 = text.parse().ok()?;
    let units = [1.0, 1e3, 1e6, 1e9];
    let unit = units.into_iter().find(|unit| number / unit <= NEWEST)?;
    if number / unit < OLDEST {
        return None;
    }
    // Whole milliseconds, which a double keeps exactly.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is in range, as checked above"
    )]
    let milliseconds = (number / unit * 1e3).round() as i64;
    DateTime::from_timestamp_millis(milliseconds).map(format)
}

fn format(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
