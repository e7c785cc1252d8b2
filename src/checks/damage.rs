//! The warnings that speak of a capture instead of the payload: it lacks a part of what was sent, or
//! has something else in its place.
//!
//! A payload alone does not show this, so no check finds it. Whoever reads the capture passes it to
//! [`Checker::check_damaged`](super::Checker::check_damaged).

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, LONGEST_POINTER, Level, Rule, Severity, Source, path_at};
use crate::document::{Document, PayloadText};
use crate::secrets::Masking;

pub(super) static GARBLED: Rule = Rule {
    code: "garbled-capture",
    level: Level::Warning,
    summary: "The capture has other characters than were sent.",
    why: "Some exporters read UTF-8 as Latin-1, so `Jörg` becomes `JÃ¶rg`. A HAR file shows this: \
          `bodySize` is the number of characters of the text, but not the number of its bytes in \
          UTF-8. Names and other text in the payload are wrong, and it has other bytes than were \
          sent. Export it anew with another tool, for example mitmproxy. If all text of the file \
          is garbled, `iconv -f UTF-8 -t ISO-8859-1` restores it.",
    before: r#"{"log": {"entries": [{"request": {"method": "POST", "bodySize": 115, "postData": {"mimeType": "application/json", "text": "{\"Action\":\"IntegrationEnabled\",\"Data\":{\"Integration\":{\"Id\":\"9e5e84e9-974d-4f16-9662-ab2200f27cb1\",\"Name\":\"JÃ¶rg\"}}}"}}}]}}"#,
    after: r#"{"log": {"entries": [{"request": {"method": "POST", "bodySize": 115, "postData": {"mimeType": "application/json", "text": "{\"Action\":\"IntegrationEnabled\",\"Data\":{\"Integration\":{\"Id\":\"9e5e84e9-974d-4f16-9662-ab2200f27cb1\",\"Name\":\"Jörg\"}}}"}}}]}}"#,
    source: Source {
        title: "W3C, HTTP Archive (HAR) format, `bodySize`, 2012-08-14",
        url: "https://w3c.github.io/web-performance/specs/HAR/Overview.html",
    },
};

pub(super) static TRUNCATED: Rule = Rule {
    code: "truncated-capture",
    level: Level::Warning,
    summary: "The capture lacks a part of a payload, or all of it.",
    why: "The capture states a length, such as `Content-Length` or `bodySize` in a HAR file, and \
          has fewer bytes. Or it is an access log of nginx, and the body of a POST request is `-` \
          or empty: nginx logs only bodies that fit into its buffer. What is missing can't be \
          checked, and a payload that was cut off has a `json-syntax` error, too, though the \
          sender's text was valid. Record it again with a limit above the largest body: raise \
          `client_body_buffer_size` of nginx, and replace ngrok, which keeps 10 kB, by mitmproxy.",
    before: r#"{"time": "2026-11-28T19:18:03+00:00", "method": "POST", "uri": "/webhooks/mews", "status": 202, "request_body": "-"}"#,
    after: r#"{"time": "2026-11-28T19:18:03+00:00", "method": "POST", "uri": "/webhooks/mews", "status": 202, "request_body": "{\"Action\":\"IntegrationEnabled\",\"Data\":{\"Integration\":{\"Id\":\"9e5e84e9-974d-4f16-9662-ab2200f27cb1\",\"Name\":\"Example\"}}}"}"#,
    source: Source {
        title: "nginx, ngx_http_core_module, `$request_body`, as of 2026-11-28",
        url: "https://nginx.org/en/docs/http/ngx_http_core_module.html#var_request_body",
    },
};

pub(super) static RESERIALIZED: Rule = Rule {
    code: "reserialized-capture",
    level: Level::Warning,
    summary: "The capture has a signed payload in other bytes than were sent.",
    why: "smee parses each body and serializes it anew, with other white space and escapes. The \
          properties and values are the same, but a signature of the bytes can't be checked any \
          more. This is reported where it matters: if there is an `X-Signature` header, or if the \
          payload is of kind pos, whose webhooks are signed. Record the bytes, for example with \
          gosmee, which has them in `bodyB`.",
    before: r#"{"x-signature": "placeholder", "body": {"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}}}, "query": {}, "timestamp": 1795892678801}"#,
    after: r#"{"x-signature": "placeholder", "bodyB": "eyJBY3Rpb24iOiJJbnRlZ3JhdGlvbkVuYWJsZWQiLCJEYXRhIjp7IkludGVncmF0aW9uIjp7IklkIjoiOWU1ZTg0ZTktOTc0ZC00ZjE2LTk2NjItYWIyMjAwZjI3Y2IxIiwiTmFtZSI6IkV4YW1wbGUifX19", "timestamp": "1795892678801"}"#,
    source: Source {
        title: "gosmee, README, `bodyB`, as of 2026-11-28",
        url: "https://github.com/chmouel/gosmee",
    },
};

/// What happened to a payload in a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DamageKind {
    /// The characters are not those that were sent.
    Garbled,
    /// A part of it is missing, or all of it.
    Truncated,
    /// It was parsed and serialized anew.
    Reserialized,
}

impl DamageKind {
    /// Returns the rule of the kind.
    pub fn rule(self) -> &'static Rule {
        match self {
            Self::Garbled => &GARBLED,
            Self::Truncated => &TRUNCATED,
            Self::Reserialized => &RESERIALIZED,
        }
    }
}

/// Damage to a payload, as the capture shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// What happened.
    pub kind: DamageKind,
    /// The byte range of the place in the payload.
    pub span: Range<usize>,
    /// How the capture shows it.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub help: Cow<'static, str>,
}

impl Damage {
    /// Creates the description of damage at a place in the payload.
    pub fn new(
        kind: DamageKind,
        span: Range<usize>,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            span,
            message: message.into(),
            help: help.into(),
        }
    }

    /// Returns the diagnostic. Its pointer is that of the innermost value at the place, if the
    /// payload is JSON.
    pub(super) fn diagnostic(
        &self,
        source: &PayloadText<'_>,
        document: Option<&Document<'_>>,
        severity: Severity,
        masking: Masking,
    ) -> Diagnostic {
        let rule = self.kind.rule();
        let place = source.place(self.span.clone());
        let pointer = document.map(|document| path_at(document, &self.span, masking));
        let pointer = pointer.unwrap_or_default();
        let within = pointer.pointer_within(LONGEST_POINTER).to_owned();
        Diagnostic {
            code: rule.code,
            severity,
            expected: false,
            message: masking.mask(&self.message).into_owned(),
            help: Some(masking.mask(&self.help).into_owned()),
            encloses: within.len() < pointer.pointer.len(),
            pointer: within,
            rule: format!("checks/{}", rule.code),
            docs: rule.source.url,
            span: self.span.clone(),
            written_span: place.range,
            start: place.start,
            end: place.end,
        }
    }
}
