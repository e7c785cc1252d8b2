//! The `human` format: a line for each check, and for those that fail the reason, what was seen, and how to
//! repeat the check. Each result is written when it is known.

use std::io::{self, Write};

use colored::Colorize;

use crate::report::Style;
use crate::report::wrap;

use super::{ReceiverFormat, ReceiverReport, wording};
use crate::deliver::receiver::{CheckResult, Outcome, ReceiverTotals};

/// The number of pieces of evidence that are listed for a check.
const MAX_EVIDENCE: usize = 12;

pub(super) static FORMAT: ReceiverFormat = ReceiverFormat {
    name: "human",
    about: "A line for each check, with evidence for those that fail",
    report: |out, style, options| {
        Box::new(HumanReport {
            out,
            style,
            heading: format!("{}, seed {}", options.target, options.seed),
            group: 0,
        })
    },
};

struct HumanReport<'w> {
    out: Box<dyn Write + 'w>,
    style: Style,
    heading: String,
    /// The group of the last result, or 0.
    group: u8,
}

impl HumanReport<'_> {
    fn line(&mut self, prefix: &str, text: &str) -> io::Result<()> {
        wrap::write(&mut self.out, self.style.max_width(), prefix, text)
    }
}

impl ReceiverReport for HumanReport<'_> {
    fn add(&mut self, result: &CheckResult) -> io::Result<()> {
        let check = result.check;
        let number = check.number;
        if self.group == 0 {
            let heading = self.heading.clone();
            self.line("", &heading)?;
        }
        if number.group != self.group {
            self.group = number.group;
            writeln!(self.out, "\n{} {}", number.group, number.group_name())?;
        }
        let name = match &result.outcome {
            Outcome::Pass => "pass".green(),
            Outcome::Fail(_) => "FAIL".red().bold(),
            Outcome::NotObservable(_) => "?   ".yellow(),
        };
        let requirement = check.requirement;
        self.line(
            &format!("{number:<5}{name}  {requirement:<7} "),
            check.title,
        )?;
        let Some(reason) = result.outcome.reason() else {
            return self.out.flush();
        };
        if let Outcome::NotObservable(_) = result.outcome {
            self.line("           not observable: ", reason)?;
            return self.out.flush();
        }
        self.line("           ", reason)?;
        for evidence in result.evidence.iter().take(MAX_EVIDENCE) {
            self.line("             ", &wording::evidence(evidence))?;
        }
        let more = result.omitted + result.evidence.len().saturating_sub(MAX_EVIDENCE);
        if more > 0 {
            self.line(
                "             ",
                &format!("and {more} more; --format json lists more"),
            )?;
        }
        self.line("           source: ", check.source)?;
        self.line("           repeat: ", &result.repeat)?;
        self.out.flush()
    }

    fn finish(&mut self, totals: &ReceiverTotals) -> io::Result<()> {
        writeln!(self.out)?;
        self.line("", &wording::totals(totals))?;
        self.out.flush()
    }
}
