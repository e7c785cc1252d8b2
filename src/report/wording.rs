//! Phrases that several formats print.

use super::Totals;

/// The message for an input without a payload.
pub const NO_PAYLOAD: &str = "there is no payload; --allow-empty accepts such a file";

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
pub(super) fn grouped(number: usize) -> String {
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
    format!(
        "{} checked: {} valid, {expected}{} invalid, {}{unreadable}",
        quantity(totals.payloads, "payload"),
        totals.valid,
        totals.invalid,
        quantity(totals.warnings, "warning"),
    )
}
