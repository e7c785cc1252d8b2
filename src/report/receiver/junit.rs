//! The `junit` format: a test suite for each group, a test case for each check. What is not observable is
//! skipped.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::report::junit::{xml_line, xml_text};

use super::{ReceiverFormat, ReceiverReport, wording};
use crate::deliver::receiver::{CheckResult, Outcome, ReceiverTotals};

pub(super) static FORMAT: ReceiverFormat = ReceiverFormat {
    name: "junit",
    about: "JUnit XML with a test case for each check",
    report: |out, _, _| {
        Box::new(JunitReport {
            out,
            suites: Vec::new(),
        })
    },
};

struct JunitReport<'w> {
    out: Box<dyn Write + 'w>,
    suites: Vec<Suite>,
}

#[derive(Default)]
struct Suite {
    name: &'static str,
    cases: Vec<u8>,
    tests: usize,
    failures: usize,
    skipped: usize,
    milliseconds: u128,
}

impl ReceiverReport for JunitReport<'_> {
    fn add(&mut self, result: &CheckResult) -> io::Result<()> {
        let name = result.check.number.group_name();
        if self.suites.last().is_none_or(|suite| suite.name != name) {
            self.suites.push(Suite {
                name,
                ..Suite::default()
            });
        }
        match self.suites.last_mut() {
            Some(suite) => suite.add(result),
            None => Ok(()),
        }
    }

    fn finish(&mut self, _: &ReceiverTotals) -> io::Result<()> {
        let mut xml = Writer::new(&mut self.out);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.get_mut().write_all(b"\n")?;
        let suites = &self.suites;
        xml.create_element("testsuites")
            .with_attributes([("name", "mewshook receiver-test")])
            .write_inner_content(|xml| {
                xml.get_mut().write_all(b"\n")?;
                suites.iter().try_for_each(|suite| suite.write(xml))
            })?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

impl Suite {
    fn add(&mut self, result: &CheckResult) -> io::Result<()> {
        let check = result.check;
        self.tests += 1;
        self.milliseconds += result.elapsed.as_millis();
        let name = xml_line(&format!("{} {}", check.number, check.title));
        let class = format!("receiver-test.{}", self.name);
        let time = seconds(result.elapsed.as_millis());
        let mut xml = Writer::new(&mut self.cases);
        xml.create_element("testcase")
            .with_attributes([("classname", &*class), ("name", &*name), ("time", &*time)])
            .write_inner_content(|xml| match &result.outcome {
                Outcome::Pass => Ok(()),
                Outcome::Fail(reason) => {
                    let text = xml_text(&text(result));
                    let kind = check.requirement.to_string();
                    xml.create_element("failure")
                        .with_attributes([("type", &*kind), ("message", &*xml_line(reason))])
                        .write_text_content(BytesText::new(&text))
                        .map(|_| ())
                }
                Outcome::NotObservable(reason) => xml
                    .create_element("skipped")
                    .with_attributes([(
                        "message",
                        &*xml_line(&format!("not observable: {reason}")),
                    )])
                    .write_empty()
                    .map(|_| ()),
            })?;
        self.cases.push(b'\n');
        match result.outcome {
            Outcome::Pass => {}
            Outcome::Fail(_) => self.failures += 1,
            Outcome::NotObservable(_) => self.skipped += 1,
        }
        Ok(())
    }

    fn write<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let number = |number: usize| number.to_string();
        xml.create_element("testsuite")
            .with_attributes([
                ("name", self.name),
                ("tests", &*number(self.tests)),
                ("failures", &*number(self.failures)),
                ("errors", "0"),
                ("skipped", &*number(self.skipped)),
                ("time", &*seconds(self.milliseconds)),
            ])
            .write_inner_content(|xml| {
                xml.get_mut().write_all(b"\n")?;
                xml.get_mut().write_all(&self.cases)
            })?;
        xml.get_mut().write_all(b"\n")
    }
}

/// Returns what was seen, the source, and how to repeat the check.
fn text(result: &CheckResult) -> String {
    let mut lines: Vec<String> = result.evidence.iter().map(wording::evidence).collect();
    if result.omitted > 0 {
        lines.push(format!("and {} more", result.omitted));
    }
    lines.push(format!("source: {}", result.check.source));
    lines.push(format!("repeat: {}", result.repeat));
    lines.join("\n")
}

fn seconds(milliseconds: u128) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}
