//! The `ndjson` format: a JSON object for each attempt, on a line of its own.
//!
//! `docs/deliver-send.md` documents the properties.

use std::io::{self, Write};

use chrono::SecondsFormat;
use serde::Serialize;

use crate::contract::Kind;
use crate::deliver::send::{Attempt, PayloadSource, SendTotals};
use crate::report::escape::write_json;
use crate::report::{VERSION, body_sha256};

use super::{SendFormat, SendReporter};

pub(super) static FORMAT: SendFormat = SendFormat {
    name: "ndjson",
    about: "A line of JSON for each attempt",
    has_totals: false,
    reporter: |out, _| Box::new(ObjectReporter { out }),
};

struct ObjectReporter<W> {
    out: W,
}

/// An attempt as it is written.
#[derive(Serialize)]
struct AttemptObject<'a> {
    version: u32,
    source: Source<'a>,
    bytes: usize,
    body_sha256: String,
    kind: Option<Kind>,
    event: Option<&'a str>,
    payload: u64,
    delivery: u64,
    copy: u32,
    copies: u32,
    attempt: u32,
    attempts: u32,
    started: String,
    duration_ms: f64,
    status: Option<u16>,
    redirects: Vec<RedirectObject>,
    outcome: &'static str,
    error: Option<&'a str>,
    response: Option<&'a str>,
}

#[derive(Serialize)]
struct Source<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: PayloadSource,
}

#[derive(Serialize)]
struct RedirectObject {
    status: u16,
    url: String,
}

impl<W: Write> SendReporter for ObjectReporter<W> {
    fn add_attempt(&mut self, attempt: &Attempt) -> io::Result<()> {
        let Attempt {
            delivery, result, ..
        } = attempt;
        let payload = &delivery.payload;
        let redirects = result.redirects.iter().map(|redirect| RedirectObject {
            status: redirect.status,
            url: redirect.target.to_string(),
        });
        let object = AttemptObject {
            version: VERSION,
            source: Source {
                path: &payload.path,
                place: payload.place,
            },
            bytes: payload.body.len(),
            body_sha256: body_sha256(&payload.body),
            kind: payload.kind,
            event: payload.event.as_deref(),
            payload: delivery.payload_number,
            delivery: delivery.number,
            copy: delivery.copy,
            copies: delivery.copies,
            attempt: attempt.number,
            attempts: attempt.max,
            started: attempt.started.to_rfc3339_opts(SecondsFormat::Millis, true),
            duration_ms: (result.elapsed.as_secs_f64() * 1e6).round() / 1e3,
            status: result.status,
            redirects: redirects.collect(),
            outcome: attempt.outcome.name(),
            error: result.error.as_deref(),
            response: result.response.as_deref(),
        };
        write_json(&mut self.out, &object)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    fn finish(&mut self, _: &SendTotals) -> io::Result<()> {
        self.out.flush()
    }
}
