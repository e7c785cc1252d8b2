//! The report of `verify`: a line for each payload, for people or for programs.

use std::cell::Cell;
use std::io::{self, BufRead, Write};
use std::rc::Rc;
use std::sync::Arc;

use colored::{ColoredString, Colorize};

use crate::deliver::verify::{DescribedCause, SignatureRecord, VerdictName, Verifier};

use super::{
    Chunk, Formatter, Record, Reporter, Style, Totals, display_text, escape_controls, escape_json,
    wrap,
};

/// All formats of reports about signatures, in the order in which they are documented.
pub static SIGNATURE_FORMATS: [&SignatureFormat; 2] = [
    &SignatureFormat {
        name: "human",
        about: "Text for people",
        is_human: true,
    },
    &SignatureFormat {
        name: "ndjson",
        about: "A line of JSON for each payload",
        is_human: false,
    },
];

/// A format of reports about signatures.
#[derive(Debug)]
pub struct SignatureFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Whether the format is for people.
    pub is_human: bool,
}

/// The number of payloads with each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureCounts {
    /// Signatures that fit.
    pub valid: u64,
    /// Signatures that do not fit.
    pub mismatches: u64,
    /// Requests without a signature.
    pub unsigned: u64,
    /// Payloads of which the capture lacks the headers or the bytes.
    pub unverifiable: u64,
    /// Connector payloads, which are not signed.
    pub connector: u64,
}

/// The notes of each report, whatever the verdicts are.
pub const NOTES: [&str; 2] = [
    "a valid signature does not show that a request is new: it covers no time, so a recorded request can be \
     sent again",
    "Connector webhooks are not signed: they have only a secret in their URL",
];

/// The message for a mismatch without a known cause, and the help for it.
const UNEXPLAINED: (&str, &str) = (
    "no usual change of the body, the secret or the signature explains this",
    "the secret may be that of another environment, or the body was changed",
);

/// Verifies the payloads of captures and writes the verdicts.
pub struct SignatureReporter<W> {
    out: W,
    format: &'static SignatureFormat,
    style: Style,
    verifier: Arc<Verifier>,
    counts: Rc<Cell<SignatureCounts>>,
}

impl SignatureFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        let mut formats = SIGNATURE_FORMATS.into_iter();
        formats.find(|format| format.name == name)
    }
}

impl SignatureCounts {
    fn add(&mut self, verdict: VerdictName) {
        let count = match verdict {
            VerdictName::Valid => &mut self.valid,
            VerdictName::Mismatch => &mut self.mismatches,
            VerdictName::Unsigned => &mut self.unsigned,
            VerdictName::Unverifiable => &mut self.unverifiable,
            VerdictName::Connector => &mut self.connector,
        };
        *count += 1;
    }

    /// Returns `true` if a payload that should have a valid signature has none.
    pub fn has_invalid(&self) -> bool {
        self.mismatches + self.unsigned + self.unverifiable > 0
    }

    /// Returns the counts as a line: `3 payloads: 1 valid, 2 mismatch`.
    fn text(self) -> String {
        let counts = [
            (VerdictName::Valid, self.valid),
            (VerdictName::Mismatch, self.mismatches),
            (VerdictName::Unsigned, self.unsigned),
            (VerdictName::Unverifiable, self.unverifiable),
            (VerdictName::Connector, self.connector),
        ];
        let all: u64 = counts.iter().map(|(_, count)| count).sum();
        let plural = if all == 1 { "" } else { "s" };
        let shown = counts
            .iter()
            .filter(|(verdict, count)| *count > 0 || *verdict == VerdictName::Valid);
        let shown = shown.map(|(verdict, count)| format!("{count} {}", verdict.text()));
        let shown = shown.collect::<Vec<_>>().join(", ");
        format!("{all} payload{plural}: {shown}")
    }
}

impl<W: Write> SignatureReporter<W> {
    /// Creates a reporter that writes to `out`.
    pub fn new(
        out: W,
        format: &'static SignatureFormat,
        style: Style,
        verifier: Arc<Verifier>,
    ) -> Self {
        Self {
            out,
            format,
            style,
            verifier,
            counts: Rc::default(),
        }
    }

    /// Returns the cell with the number of payloads that were reported so far.
    pub fn counts(&self) -> Rc<Cell<SignatureCounts>> {
        Rc::clone(&self.counts)
    }

    /// Adds the verdict on one payload.
    ///
    /// # Errors
    /// The output can't be written.
    pub fn add_record(&mut self, record: &SignatureRecord) -> io::Result<()> {
        let mut counts = self.counts.get();
        counts.add(record.body.verdict);
        self.counts.set(counts);
        if self.format.is_human {
            return self.write_lines(record);
        }
        let mut line = serde_json::to_vec(record)?;
        escape_json(&mut line, 0);
        line.push(b'\n');
        self.out.write_all(&line)
    }

    fn write_lines(&mut self, record: &SignatureRecord) -> io::Result<()> {
        let source = &record.source;
        let path = escape_controls(&source.path);
        let event = record.event.as_ref().or(record.kind.as_ref());
        let event = event.map_or("unknown kind".to_owned(), |event| display_text(event));
        let body = &record.body;
        let secret = body.secret.as_deref().map(display_text);
        let detail = match (body.verdict, secret) {
            (VerdictName::Valid, Some(secret)) if body.serialized => format!(
                "; the secret in {secret} fits if the payload is serialized anew, since the capture has no \
                 bytes"
            ),
            (VerdictName::Valid, Some(secret)) => format!("; the secret in {secret} fits"),
            (VerdictName::Mismatch, Some(secret)) => {
                format!("; the secret in {secret} fits if this is undone:")
            }
            (VerdictName::Connector, _) => "; Connector webhooks are not signed".to_owned(),
            _ => String::new(),
        };
        let prefix = format!("{path}:{}:{}: ", source.line, source.column);
        let text = format!("{}: {event}{detail}", coloured(body.verdict));
        let width = self.style.max_width();
        wrap::write(&mut self.out, width, &prefix, &text)?;
        if body.verdict == VerdictName::Mismatch && body.causes.is_empty() {
            let (message, help) = UNEXPLAINED;
            wrap::write(&mut self.out, width, "  cause: ", message)?;
            wrap::write(&mut self.out, width, "  help: ", help)?;
        }
        for cause in &body.causes {
            let DescribedCause {
                cause,
                message,
                help,
            } = cause;
            let message = escape_controls(message);
            let message = format!("{message} [{cause}]");
            wrap::write(&mut self.out, width, "  cause: ", &message)?;
            wrap::write(&mut self.out, width, "  help: ", &escape_controls(help))?;
        }
        Ok(())
    }
}

impl<W: Write> Reporter for SignatureReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(SignatureFormatter(Arc::clone(&self.verifier)))
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        let mut lines = chunk.read()?;
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            self.add_record(&serde_json::from_slice(&line)?)?;
            line.clear();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        if self.format.is_human {
            let width = self.style.max_width();
            let totals = self.counts.get().text();
            wrap::write(&mut self.out, width, "", &totals)?;
            for note in NOTES {
                wrap::write(&mut self.out, width, "note: ", note)?;
            }
        }
        self.out.flush()
    }
}

/// Verifies payloads.
struct SignatureFormatter(Arc<Verifier>);

impl Formatter for SignatureFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let signed = SignatureRecord::of_payload(&self.0, record);
        serde_json::to_writer(&mut *chunk.text, &signed)?;
        chunk.text.push(b'\n');
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}

fn coloured(verdict: VerdictName) -> ColoredString {
    let text = verdict.text();
    match verdict {
        VerdictName::Valid => text.green().bold(),
        VerdictName::Mismatch | VerdictName::Unsigned => text.red().bold(),
        VerdictName::Unverifiable => text.yellow().bold(),
        VerdictName::Connector => text.dimmed(),
    }
}
