//! The `json` format: all results with their evidence, as one object.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::report::escape::write_json;

use super::{ReceiverFormat, ReceiverReport};
use crate::deliver::receiver::{
    CheckResult, Evidence, Outcome, ReceiverOptions, ReceiverTotals, Requirement,
};

/// The version of the format. It changes when a property changes its meaning.
const VERSION: u32 = 1;

pub(super) static FORMAT: ReceiverFormat = ReceiverFormat {
    name: "json",
    about: "All results with their evidence, as a JSON object",
    report: |out, _, options| {
        Box::new(JsonReport {
            out,
            heading: heading(options),
            checks: Vec::new(),
        })
    },
};

struct JsonReport<'w> {
    out: Box<dyn Write + 'w>,
    heading: Value,
    checks: Vec<Value>,
}

fn heading(options: &ReceiverOptions) -> Value {
    json!({
        "version": VERSION,
        "url": options.target.to_string(),
        "seed": options.seed,
    })
}

impl ReceiverReport for JsonReport<'_> {
    fn add(&mut self, result: &CheckResult) -> io::Result<()> {
        let check = result.check;
        let outcome = match result.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail(_) => "fail",
            Outcome::NotObservable(_) => "not-observable",
        };
        let requirement = match check.requirement {
            Requirement::Must => "must",
            Requirement::Should => "should",
        };
        self.checks.push(json!({
            "number": check.number.to_string(),
            "group": check.number.group_name(),
            "title": check.title,
            "requirement": requirement,
            "source": check.source,
            "outcome": outcome,
            "reason": result.outcome.reason(),
            "milliseconds": milliseconds(result.elapsed),
            "evidence": result.evidence.iter().map(evidence).collect::<Vec<_>>(),
            "omitted_evidence": result.omitted,
            "repeat": result.repeat,
        }));
        Ok(())
    }

    fn finish(&mut self, totals: &ReceiverTotals) -> io::Result<()> {
        let mut report = self.heading.take();
        report["passed"] = json!(totals.passed);
        report["failed"] = json!({ "must": totals.failed_must, "should": totals.failed_should });
        report["not_observable"] = json!(totals.not_observable);
        report["checks"] = Value::Array(std::mem::take(&mut self.checks));
        write_json(&mut self.out, &report)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn evidence(evidence: &Evidence) -> Value {
    match evidence {
        Evidence::Sent {
            what,
            bytes,
            content_type,
            reaction,
        } => json!({
            "type": "sent",
            "what": what,
            "bytes": bytes,
            "content_type": content_type,
            "status": reaction.status.as_ref().ok(),
            "error": reaction.status.as_ref().err(),
            "response": reaction.body,
            "milliseconds": milliseconds(reaction.elapsed),
        }),
        Evidence::Call(call) => json!({
            "type": "call",
            "operation": call.operation,
            "ids": call.ids,
            "token": call.token.to_string(),
            "has_cursor": call.is_continued,
            "status": call.status,
            "entities": call.returned.len(),
        }),
    }
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
