//! Labels and values of event properties, as cards and rows print them.

use crate::checks::DetailValue;
use crate::contract;

use super::escape::display_text;

/// Returns the label of an event property. `name` is its name in JSON reports.
pub(super) fn label(name: &'static str) -> &'static str {
    match name {
        "start_utc" => "start",
        "end_utc" => "end",
        "updated_utc" => "updated",
        "resource_id" => "resource",
        "rate_id" => "rate",
        "resource_category_id" => "category",
        "tip_amount" => "tip",
        "correction_amount" => "correction",
        "order_id" => "order",
        "payment_id" => "payment",
        "thread_id" => "thread",
        name => name,
    }
}

/// Returns the value of an event property as text.
pub(super) fn value(value: &DetailValue<'_>) -> String {
    match value {
        DetailValue::Time(written) => time(written),
        other => display_text(&other.to_string()),
    }
}

/// Returns a time with all digits that were sent, or its text if it is not a time.
pub(super) fn time(written: &str) -> String {
    match contract::parse_utc(written) {
        Some(instant) => instant
            .to_utc()
            .format("%Y-%m-%d %H:%M:%S%.f UTC")
            .to_string(),
        None => display_text(written),
    }
}
