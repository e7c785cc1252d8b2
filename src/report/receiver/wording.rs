//! Phrases about what checks have seen.

use crate::deliver::api::ApiCall;
use crate::report::wording::grouped;

use crate::deliver::receiver::{Evidence, ReceiverTotals};

/// The number of ids that are listed.
const MAX_IDS: usize = 2;

/// Returns a piece of evidence as a line.
pub(super) fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Sent {
            what,
            bytes,
            content_type,
            reaction,
        } => {
            let content_type = content_type.as_deref();
            let content_type = content_type.map_or("no Content-Type".to_owned(), |it| {
                format!("Content-Type {it}")
            });
            let status = match &reaction.status {
                Ok(status) => format!("{status} after {} ms", reaction.elapsed.as_millis()),
                Err(error) => format!("{error} after {} ms", reaction.elapsed.as_millis()),
            };
            let body = reaction.body.as_ref().filter(|body| !body.is_empty());
            let body = body.map_or(String::new(), |body| format!(": {body}"));
            let bytes = grouped(*bytes);
            format!("sent {what}, {bytes} bytes, {content_type} -> {status}{body}")
        }
        Evidence::Call(call) => format!("call {}", self::call(call)),
    }
}

fn call(call: &ApiCall) -> String {
    let mut parts = vec![call.operation.clone()];
    let ids = &call.ids;
    if !ids.is_empty() {
        let noun = if ids.len() == 1 { "id" } else { "ids" };
        let mut listed = ids[..ids.len().min(MAX_IDS)].join(", ");
        if ids.len() > MAX_IDS {
            listed.push_str(", ...");
        }
        parts.push(format!("{} {noun} ({listed})", grouped(ids.len())));
    }
    if call.is_continued {
        parts.push("with a cursor".to_owned());
    }
    parts.push(format!("with {}", call.token));
    let answer = match (call.status, call.returned.len()) {
        (None, _) => "no answer yet".to_owned(),
        (Some(200), 1) => "200, 1 entity".to_owned(),
        (Some(200), count) => format!("200, {} entities", grouped(count)),
        (Some(status), _) => status.to_string(),
    };
    format!("{} -> {answer}", parts.join(", "))
}

/// Returns the totals as a line: `12 checks: 10 passed, 1 failed (1 MUST, 0 SHOULD), 1 not observable`.
pub(super) fn totals(totals: &ReceiverTotals) -> String {
    let ReceiverTotals {
        passed,
        failed_must,
        failed_should,
        not_observable,
    } = *totals;
    let failed = failed_must + failed_should;
    let all = passed + failed + not_observable;
    let noun = if all == 1 { "check" } else { "checks" };
    format!(
        "{all} {noun}: {passed} passed, {failed} failed ({failed_must} MUST, {failed_should} SHOULD), \
         {not_observable} not observable"
    )
}
