//! The `human` format: a line for each attempt, and the totals.

use std::io::{self, Write};

use colored::Colorize;

use crate::deliver::send::{Attempt, AttemptOutcome, SendTotals};
use crate::report::escape::escape_controls;
use crate::report::{Style, wrap};

use super::wording::{details, milliseconds, place, totals_lines};
use super::{SendFormat, SendReporter};

pub(super) static FORMAT: SendFormat = SendFormat {
    name: "human",
    about: "A line for each attempt, and the totals",
    has_totals: true,
    reporter: |out, options| {
        Box::new(HumanReporter {
            out,
            style: options.style,
        })
    },
};

struct HumanReporter<W> {
    out: W,
    style: Style,
}

impl<W: Write> SendReporter for HumanReporter<W> {
    fn add_attempt(&mut self, attempt: &Attempt) -> io::Result<()> {
        let status = match attempt.result.status {
            Some(status) => status.to_string(),
            None => "---".to_owned(),
        };
        let status = match attempt.outcome {
            AttemptOutcome::Accepted => status.green(),
            AttemptOutcome::Retried => status.yellow(),
            AttemptOutcome::Failed => status.red().bold(),
        };
        let time = milliseconds(attempt.result.elapsed);
        let payload = &attempt.delivery.payload;
        let name = escape_controls(payload.name());
        let mut text = format!("{}  {name}", place(payload));
        let details = details(attempt);
        if !details.is_empty() {
            text.push_str("  ");
            text.push_str(&details);
        }
        let prefix = format!("{status} {time:>9}  ");
        wrap::write(&mut self.out, self.style.max_width(), &prefix, &text)?;
        self.out.flush()
    }

    fn finish(&mut self, totals: &SendTotals) -> io::Result<()> {
        if totals.attempts > 0 {
            writeln!(self.out)?;
        }
        for line in totals_lines(totals) {
            wrap::write(&mut self.out, self.style.max_width(), "", &line)?;
        }
        self.out.flush()
    }
}
