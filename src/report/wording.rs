//! Phrases that several formats print.

use std::collections::BTreeMap;

use crate::contract::Kind;

use super::Totals;

/// Returns the message for an input without a payload, of which this many records and lines of text were
/// skipped.
pub fn no_payload(skipped: u64) -> String {
    const ACCEPT: &str = "--allow-empty accepts such a file";
    if skipped == 0 {
        return format!("there is no payload; {ACCEPT}");
    }
    let lines = if skipped == 1 { "line" } else { "lines" };
    let records = quantity(skipped, "record");
    format!(
        "there is no payload in {records} or {lines}: no object has `Action` and `Data`, `Events` with ids or \
         types, or `data` and `meta`; --capture sets where they are looked for, {ACCEPT}"
    )
}

/// Returns the message for diagnostics that are not reported: `and 49,900 more diagnostics …`.
pub(super) fn omitted(count: usize) -> Option<String> {
    let noun = if count == 1 {
        "diagnostic"
    } else {
        "diagnostics"
    };
    (count > 0).then(|| {
        let count = grouped(count);
        format!("and {count} more {noun} of this payload; --max-diagnostics shows more")
    })
}

/// Returns a number with a comma before each group of three digits: `49,900`.
pub(crate) fn grouped(number: impl Copy + ToString) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a number with its noun: `1 payload`, `2 payloads`.
pub(super) fn quantity(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Returns how many payloads match a filter: `3 of 1,000 payloads match`. `unmatched` is the number of the
/// others.
pub fn matching(payloads: u64, unmatched: u64) -> String {
    let all = payloads.saturating_add(unmatched);
    let grouped = |count: u64| grouped(usize::try_from(count).unwrap_or(usize::MAX));
    let noun = if all == 1 { "payload" } else { "payloads" };
    let is_singular = payloads == 1 || all == 1;
    let verb = if is_singular { "matches" } else { "match" };
    format!("{} of {} {noun} {verb}", grouped(payloads), grouped(all))
}

/// Returns the totals as a line: `12 payloads checked: 10 valid, 2 invalid, 3 warnings`.
pub(super) fn totals_line(totals: &Totals) -> String {
    let unreadable = match totals.unreadable {
        0 => String::new(),
        count => format!("; {} not read", quantity(count, "input")),
    };
    let expected = match totals.expected {
        0 => String::new(),
        count => format!("{count} invalid as expected, "),
    };
    let captures = match totals.captures.text() {
        None => String::new(),
        Some(text) => format!("; {text}"),
    };
    let skipped = skipped(totals);
    let skipped = skipped.map_or(String::new(), |text| format!("; {text} skipped"));
    let checked = match totals.unmatched {
        None => format!("{} checked", quantity(totals.payloads, "payload")),
        Some(unmatched) => matching(totals.payloads, unmatched),
    };
    format!(
        "{checked}: {} valid, {expected}{} invalid, {}{captures}{skipped}{unreadable}",
        totals.valid,
        totals.invalid,
        quantity(totals.warnings, "warning"),
    )
}

/// Describes payloads that a report leaves out: `1 pos message`, `2 payloads of unknown kind`, `3 broken
/// payloads`.
pub(super) fn other_payloads(
    kinds: &BTreeMap<Kind, u64>,
    unknown: u64,
    broken: u64,
) -> impl Iterator<Item = String> {
    let kinds = kinds.iter();
    let kinds = kinds.map(|(kind, count)| quantity(*count, &format!("{kind} message")));
    let unknown = (unknown > 0).then(|| quantity(unknown, "payload") + " of unknown kind");
    let broken = (broken > 0).then(|| quantity(broken, "broken payload"));
    kinds.chain(unknown).chain(broken)
}

/// Returns what was skipped: `12 other records and 1 line of other text`.
pub(super) fn skipped(totals: &Totals) -> Option<String> {
    let records = match totals.skipped.saturating_sub(totals.skipped_lines) {
        0 => None,
        count => Some(quantity(count, "other record")),
    };
    let lines = match totals.skipped_lines {
        0 => None,
        count => Some(format!("{} of other text", quantity(count, "line"))),
    };
    let texts = records.into_iter().chain(lines).collect::<Vec<_>>();
    (!texts.is_empty()).then(|| texts.join(" and "))
}
