//! Phrases of reports of deliveries for people.

use std::time::Duration;

use crate::deliver::send::{Attempt, AttemptOutcome, SendTotals, SentPayload};
use crate::report::escape::escape_controls;
use crate::report::wording::{grouped, quantity};

/// Returns where a payload stands in its input.
pub(super) fn place(payload: &SentPayload) -> String {
    let path = escape_controls(&payload.path);
    format!("{path}:{}:{}", payload.place.line, payload.place.column)
}

/// Returns the details of an attempt, if there are any: which delivery and which attempt it was, which
/// redirects were followed, and why the payload was not accepted.
pub(super) fn details(attempt: &Attempt) -> String {
    let delivery = &attempt.delivery;
    let mut details = Vec::new();
    if delivery.copies > 1 {
        details.push(format!("delivery {} of {}", delivery.copy, delivery.copies));
    }
    if attempt.number > 1 || attempt.outcome != AttemptOutcome::Accepted {
        details.push(format!("attempt {} of {}", attempt.number, attempt.max));
    }
    for redirect in &attempt.result.redirects {
        details.push(format!("{} to {}", redirect.status, redirect.target));
    }
    let mut text = details.join(", ");
    if let Some(reason) = attempt.reason() {
        text.push_str(": ");
        text.push_str(&reason);
    }
    text
}

/// Returns a time in milliseconds, with a decimal where it matters.
pub(super) fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    if milliseconds < 10.0 {
        format!("{milliseconds:.1} ms")
    } else {
        format!("{milliseconds:.0} ms")
    }
}

/// Returns the totals: what became of the payloads, and how long the responses took if there was one.
pub fn totals_lines(totals: &SendTotals) -> Vec<String> {
    let retried = match totals.retried {
        0 => String::new(),
        count => format!(", {count} retried"),
    };
    let payloads = format!(
        "{} sent: {} accepted, {} failed; {}, {}{retried}",
        quantity(totals.payloads, "payload"),
        totals.accepted,
        totals.failed,
        match totals.deliveries {
            1 => "1 delivery".to_owned(),
            count => format!("{count} deliveries"),
        },
        quantity(totals.attempts, "attempt"),
    );
    let times = &totals.times;
    let percentiles = [50, 90, 99].map(|percent| {
        let time = times.percentile(percent).map(milliseconds);
        time.map(|time| format!("{time} (p{percent})"))
    });
    let max = times.max().map(milliseconds);
    let max = max.map(|time| format!("{time} (max)"));
    let times: Vec<_> = percentiles.into_iter().chain([max]).flatten().collect();
    let rate = totals.rate().filter(|_| totals.attempts > 1);
    let rate = rate.map_or(String::new(), |rate| {
        format!("; {} attempts per second", grouped(&*format!("{rate:.0}")))
    });
    let times = (!times.is_empty()).then(|| format!("response times: {}{rate}", times.join(", ")));
    [payloads].into_iter().chain(times).collect()
}
