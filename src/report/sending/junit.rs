//! The `junit` format: a test suite whose test cases are the payloads. It fails a payload that was never
//! accepted.

use std::io::{self, Seek, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use tempfile::SpooledTempFile;

use crate::deliver::send::{Attempt, PayloadResult, SendTotals};
use crate::report::escape::escape_controls;
use crate::report::junit::{Case, MAX_IN_MEMORY, begin, write_case, write_element, xml_line};

use super::wording::{details, milliseconds};
use super::{SendFormat, SendReporter};

pub(super) static FORMAT: SendFormat = SendFormat {
    name: "junit",
    about: "JUnit XML with a test case for each payload",
    has_totals: false,
    reporter: |out, options| {
        Box::new(SuiteReporter {
            out,
            url: options.url,
            cases: SpooledTempFile::new(MAX_IN_MEMORY),
        })
    },
};

struct SuiteReporter<W> {
    out: W,
    url: String,
    /// The test cases, since the suite starts with their number.
    cases: SpooledTempFile,
}

impl<W: Write> SendReporter for SuiteReporter<W> {
    fn add_payload(&mut self, result: &PayloadResult) -> io::Result<()> {
        let payload = &result.payload;
        let name = escape_controls(payload.name());
        let name = format!(
            "payload {} at line {}: {name}",
            result.number, payload.place.line
        );
        let durations = result.attempts.iter().map(|attempt| attempt.result.elapsed);
        let seconds = durations.sum::<std::time::Duration>().as_secs_f64();
        let case = Case {
            path: &payload.path,
            name: &name,
            time: Some(format!("{seconds:.3}")),
        };
        write_case(&mut self.cases, &case, |xml| {
            let lines: Vec<_> = result.attempts.iter().map(line).collect();
            if !result.is_accepted {
                let last = result.attempts.last().map(line).unwrap_or_default();
                let message = xml_line(&last);
                let failure = BytesStart::new("failure");
                let failure =
                    failure.with_attributes([("type", "not-accepted"), ("message", &*message)]);
                return write_element(xml, &failure, &lines.join("\n"));
            }
            if lines.len() > 1 {
                write_element(xml, &BytesStart::new("system-out"), &lines.join("\n"))?;
            }
            Ok(())
        })
    }

    fn finish(&mut self, totals: &SendTotals) -> io::Result<()> {
        begin(&mut self.out)?;
        let mut xml = Writer::new(&mut self.out);
        let suite = BytesStart::new("testsuite").with_attributes([
            ("name", &*xml_line(&self.url)),
            ("tests", &*totals.payloads.to_string()),
            ("failures", &*totals.failed.to_string()),
            ("errors", "0"),
            ("skipped", "0"),
            ("time", &*format!("{:.3}", totals.elapsed().as_secs_f64())),
        ]);
        xml.write_event(Event::Start(suite))?;
        xml.get_mut().write_all(b"\n")?;
        self.cases.rewind()?;
        io::copy(&mut self.cases, xml.get_mut())?;
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        xml.get_mut().write_all(b"\n")?;
        xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        xml.get_mut().write_all(b"\n")?;
        self.out.flush()
    }
}

/// Returns an attempt as a line: `500 after 3.2 ms, attempt 1 of 3: …`.
fn line(attempt: &Attempt) -> String {
    let status = match attempt.result.status {
        Some(status) => status.to_string(),
        None => "no response".to_owned(),
    };
    let time = milliseconds(attempt.result.elapsed);
    match &*details(attempt) {
        "" => format!("{status} after {time}"),
        details => format!("{status} after {time}, {details}"),
    }
}
