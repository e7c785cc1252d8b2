//! Reports: verdicts as text. Each format has a file, and no other module formats verdicts.
//!
//! A report is made in two steps. Worker threads format the payloads: for each [`Record`], a
//! [`Formatter`] appends text to a [`Chunk`]. One thread joins the chunks in input order: a
//! [`Reporter`] writes them, and the text before, between and after them.
//!
//! [`FORMATS`] is the table of the formats. [`Format::reporter`] creates a reporter, and
//! [`Reporter::formatter`] the formatter whose chunks it takes. Timelines and plans have formats of their
//! own: [`TIMELINE_FORMATS`], which a [`TimelineReporter`] writes, and [`PLAN_FORMATS`], which a
//! [`PlanReporter`] writes.

mod captures;
mod card;
mod chunk;
mod chunk_reporter;
mod chunk_text;
mod codes;
mod csv;
mod detail;
mod escape;
mod event_counts;
mod explain;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod human;
mod inspect;
mod json;
mod junit;
mod list;
mod ndjson;
mod object;
mod outputs;
mod page;
mod per_rule;
mod plan;
#[cfg(feature = "deliver")]
mod receiver;
mod record;
mod reporter;
mod rows;
mod sarif;
#[cfg(feature = "deliver")]
mod sending;
mod short;
#[cfg(feature = "deliver")]
mod signatures;
mod snippet;
mod spreadsheet;
mod stats;
mod style;
mod tee;
mod timeline;
mod totals;
mod window;
mod wording;
mod workspace;
mod wrap;

pub use captures::CaptureCounts;
pub use chunk::{Chunk, LeftOutPayload, LeftOutPayloads, SkippedRecord};
pub(crate) use chunk_reporter::ChunkReporter;
pub(crate) use escape::escape_json;
pub use escape::{display_text, escape_controls};
pub use explain::{explain, explain_in_markdown};
pub use format::{Format, ReportOptions, View};
pub(crate) use object::VERSION;
pub use plan::{PLAN_FORMATS, PlanFormat, PlanReporter, outside_plan};
#[cfg(feature = "deliver")]
pub use receiver::{RECEIVER_FORMATS, ReceiverFormat, ReceiverReport, write_check_list};
pub use record::Record;
pub(crate) use record::body_sha256;
pub use reporter::{Failure, Formatter, Quiet, Reporter};
#[cfg(feature = "deliver")]
pub use sending::{SEND_FORMATS, SendFormat, SendReportOptions, SendReporter, totals_lines};
#[cfg(feature = "deliver")]
pub use signatures::{
    NOTES as SIGNATURE_NOTES, SIGNATURE_FORMATS, SignatureCounts, SignatureFormat,
    SignatureReporter,
};
pub use stats::{STATS_FORMATS, StatsError, StatsFormat, StatsOptions, StatsReporter, read_stats};
pub use style::Style;
pub use tee::Tee;
pub use timeline::{TIMELINE_FORMATS, TimelineFormat, TimelineReporter, outside_stories};
pub use totals::Totals;
#[cfg(feature = "deliver")]
pub(crate) use wording::grouped;
pub use wording::{matching, no_payload};
pub use workspace::Workspace;

/// All formats, in the order in which they are documented.
pub static FORMATS: [&Format; 10] = [
    &human::FORMAT,
    &json::FORMAT,
    &ndjson::FORMAT,
    &csv::FORMAT,
    &short::FORMAT,
    &github::FORMAT,
    &gitlab::FORMAT,
    &sarif::FORMAT,
    &junit::FORMAT,
    &page::FORMAT,
];

impl Format {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FORMATS.into_iter().find(|format| format.name == name)
    }
}
