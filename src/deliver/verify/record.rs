//! The result for one payload, as the formats show it.
//!
//! Workers verify signatures, which takes time, and one thread writes the report. Between them a result
//! is a line of JSON, which the format `ndjson` prints as it is; `docs/json.md` documents the properties.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::capture::{BodyFidelity, CapturedBody, Header};
use crate::checks::{Damage, Summary, SummaryText};
use crate::contract::{self, Kind};
use crate::document::{Document, Position};
use crate::report::{Record, VERSION, body_sha256};
use crate::secrets::Masking;

use super::super::signature::HEADER;
use super::{SignatureCause, SignatureVerdict, Verifier};

/// The verdict on the signature of a payload, and where the payload is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureRecord {
    version: u32,
    pub(crate) source: SignedSource,
    pub(crate) kind: Option<String>,
    pub(crate) event: Option<String>,
    #[serde(flatten)]
    pub(crate) body: VerifiedBody,
}

/// Where a payload was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedSource {
    pub(crate) path: String,
    pub(crate) line: u64,
    pub(crate) column: u64,
    offset: u64,
    length: usize,
    record: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capture: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
}

/// A body and the verdict on its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VerifiedBody {
    /// The number of bytes.
    bytes: usize,
    body_sha256: String,
    pub(crate) verdict: VerdictName,
    /// The file or variable of the secret that fits.
    pub(crate) secret: Option<String>,
    /// Whether the signature fits the body only if that is serialized anew.
    pub(crate) serialized: bool,
    pub(crate) causes: Vec<DescribedCause>,
}

/// The name of a verdict on a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VerdictName {
    Valid,
    Mismatch,
    Unsigned,
    Unverifiable,
    Connector,
}

/// A cause with its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DescribedCause {
    pub(crate) cause: Cow<'static, str>,
    pub(crate) message: Cow<'static, str>,
    pub(crate) help: Cow<'static, str>,
}

/// A body that is an input of its own, with its signature beside it.
#[derive(Debug, Clone, Copy)]
pub struct BodyInput<'i> {
    /// The label of the input.
    pub path: &'i str,
    /// The body.
    pub body: &'i [u8],
    /// The value of the header.
    pub signature: &'i str,
}

impl SignatureRecord {
    /// Verifies a payload that was found in a capture.
    pub(crate) fn of_payload(verifier: &Verifier, record: &Record<'_>) -> Self {
        let found = record.found;
        let body = found.captured_body();
        let headers = found.delivery().map_or(Vec::new(), |found| found.headers);
        let kind = record.verdict.kind;
        let values = Values::of(&headers);
        let examined = body.cached(|| Examined {
            body_sha256: body_sha256(body.text),
            signature: (!values.signatures.is_empty())
                .then(|| verifier.verify(body, &values.signatures)),
        });
        let mut body = VerifiedBody::new(body, examined);
        body.explain_absence(&values, kind);
        body.explain_damage(&found.damage, record.masking);
        let pointer = found.pointer();
        let pointer = pointer.map(|pointer| record.masking.mask(&pointer).into_owned());
        Self {
            version: VERSION,
            source: SignedSource {
                path: record.path.to_string(),
                line: found.text.start.line,
                column: found.text.start.column,
                offset: found.offset,
                length: found.text.written().len(),
                record: found.record,
                capture: found.capture().map(str::to_owned),
                pointer,
            },
            kind: kind.map(|kind| kind.name().to_owned()),
            event: record.summary().event().map(SummaryText::into_owned),
            body,
        }
    }

    /// Verifies a body whose signature is known.
    pub fn of_body(verifier: &Verifier, input: BodyInput<'_>) -> Self {
        let BodyInput {
            path,
            body: text,
            signature,
        } = input;
        let json = str::from_utf8(text).map(|text| text.trim_start_matches('\u{feff}'));
        let document = json.ok().and_then(|json| Document::parse(json).ok());
        let kind = document.as_ref().and_then(contract::detect);
        let event = kind.zip(document.as_ref()).and_then(|(kind, document)| {
            let event = Summary::of(kind, document, Masking::On).event();
            event.map(SummaryText::into_owned)
        });
        let Position { line, column } = Position::START;
        let body = CapturedBody::new(text, BodyFidelity::Bytes);
        let examined = Examined {
            body_sha256: body_sha256(text),
            signature: Some(verifier.verify(body, &[signature])),
        };
        Self {
            version: VERSION,
            source: SignedSource {
                path: path.to_owned(),
                line,
                column,
                offset: 0,
                length: text.len(),
                record: 1,
                capture: None,
                pointer: None,
            },
            kind: kind.map(|kind| kind.name().to_owned()),
            event,
            body: VerifiedBody::new(body, examined),
        }
    }
}

/// What is computed of a body once for all payloads in it.
#[derive(Debug, Clone)]
struct Examined {
    body_sha256: String,
    /// The verdict on its signature, if it has one.
    signature: Option<SignatureVerdict>,
}

/// The values of the signature headers of a request.
struct Values<'h> {
    /// Those that are not empty, each once.
    signatures: Vec<&'h str>,
    has_signature_header: bool,
    has_headers: bool,
}

impl<'h> Values<'h> {
    fn of(headers: &'h [Header]) -> Self {
        let values = headers.iter();
        let values = values.filter(|header| header.name.eq_ignore_ascii_case(HEADER));
        // Some servers join the values of repeated headers.
        let values = values.flat_map(|header| header.value.split(','));
        let mut signatures: Vec<_> = values.map(str::trim).collect();
        let has_signature_header = !signatures.is_empty();
        signatures.retain(|value| !value.is_empty());
        signatures.sort_unstable();
        signatures.dedup();
        Self {
            signatures,
            has_signature_header,
            has_headers: !headers.is_empty(),
        }
    }
}

impl VerifiedBody {
    fn new(body: CapturedBody<'_>, examined: Examined) -> Self {
        let (mut is_serialized, mut found) = (false, None);
        let (verdict, causes) = match examined.signature {
            None => (VerdictName::Unsigned, Vec::new()),
            Some(SignatureVerdict::Valid {
                secret,
                is_serialized: is_anew,
            }) => {
                (is_serialized, found) = (is_anew, Some(secret));
                (VerdictName::Valid, Vec::new())
            }
            Some(SignatureVerdict::Mismatch { secret, causes }) => {
                found = secret;
                (VerdictName::Mismatch, causes)
            }
            Some(SignatureVerdict::Unverifiable { cause }) => {
                (VerdictName::Unverifiable, vec![cause])
            }
        };
        Self {
            bytes: body.text.len(),
            body_sha256: examined.body_sha256,
            verdict,
            // The path of a secret's file is shown as those of inputs are.
            secret: found.map(|secret| crate::mask_path(&secret).into_owned()),
            serialized: is_serialized,
            causes: causes.into_iter().map(DescribedCause::of).collect(),
        }
    }

    /// Explains why there is no signature, if there is none.
    fn explain_absence(&mut self, values: &Values<'_>, kind: Option<Kind>) {
        if self.verdict != VerdictName::Unsigned {
            return;
        }
        let is_connector = kind.is_some_and(|kind| kind != Kind::Pos);
        let cause;
        (self.verdict, cause) = if values.has_signature_header {
            (VerdictName::Unsigned, SignatureCause::EmptySignature)
        } else if is_connector {
            self.verdict = VerdictName::Connector;
            return;
        } else if values.has_headers {
            (VerdictName::Unsigned, SignatureCause::NoSignature)
        } else {
            (VerdictName::Unverifiable, SignatureCause::NoHeaders)
        };
        self.causes = vec![DescribedCause::of(cause)];
    }

    /// Replaces a verdict that nothing explains by the damage to the payload, if the capture shows some:
    /// then it does not have the bytes that were sent.
    fn explain_damage(&mut self, damage: &[Damage], masking: Masking) {
        let is_unexplained = match self.verdict {
            VerdictName::Mismatch => self.causes.is_empty(),
            VerdictName::Unverifiable => self
                .causes
                .iter()
                .all(|cause| cause.cause != SignatureCause::NoHeaders.name()),
            VerdictName::Valid | VerdictName::Unsigned | VerdictName::Connector => false,
        };
        let Some(damage) = damage.first().filter(|_| is_unexplained) else {
            return;
        };
        let mask = |text: &str| Cow::Owned(masking.mask(text).into_owned());
        self.verdict = VerdictName::Unverifiable;
        self.causes = vec![DescribedCause {
            cause: damage.kind.rule().code.into(),
            message: mask(&damage.message),
            help: mask(&damage.help),
        }];
    }
}

impl VerdictName {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Mismatch => "mismatch",
            Self::Unsigned => "unsigned",
            Self::Unverifiable => "unverifiable",
            Self::Connector => "connector",
        }
    }
}

impl DescribedCause {
    fn of(cause: SignatureCause) -> Self {
        Self {
            cause: cause.name().into(),
            message: cause.message().into(),
            help: cause.help().into(),
        }
    }
}
