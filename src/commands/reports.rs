//! From formats to reports: the one on standard output, and those in files.

use std::env;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use mewshook::config::repository;
use mewshook::report::{
    Inspect, Json, Junit, Listing, Plain, Quiet, Reporter, Several, Style, Workspace,
};

use crate::cli::{CheckArgs, Format, Output};

use super::atomic::AtomicFile;
use super::conflict::{Read, refuse_outputs};
use super::stdout;
use super::target::Target;

/// What the report is for: the text for people differs, everything else is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Inspect,
    Validate,
    /// The exit status alone.
    StatusOnly,
}

/// The reports of a run, and the files that some are written to.
pub(super) struct Reports {
    pub(super) report: Box<dyn Reporter>,
    files: Vec<AtomicFile>,
}

impl Reports {
    /// What is asked for, about these inputs. Files are begun, so that what can't be
    /// written is told before the work is done.
    pub(super) fn new(
        purpose: Purpose,
        args: &CheckArgs,
        style: Style,
        inputs: usize,
        reads: &[Read],
    ) -> anyhow::Result<Self> {
        let printed = (purpose != Purpose::StatusOnly).then_some(args.format);
        let mut formats = args
            .output
            .iter()
            .map(|output| output.format)
            .chain(printed);
        let has_summary = formats.any(|format| format == Format::Github);
        refuse_outputs(
            args.output.iter().map(|output| &*output.file),
            summary().filter(|_| has_summary).as_deref(),
            reads,
        )?;
        let files = begin(&args.output)?;
        let main = if purpose == Purpose::StatusOnly {
            Box::new(Quiet)
        } else {
            report(args.format, purpose, stdout(), style, inputs, args.follow)?
        };
        if args.output.is_empty() {
            return Ok(Self {
                report: main,
                files: Vec::new(),
            });
        }
        let plain = Style {
            colour: false,
            is_fitted: false,
            ..style
        };
        let mut reports = vec![main];
        for (format, file) in &files {
            let out = BufWriter::new(file.writer()?);
            reports.push(report(*format, purpose, out, plain, inputs, args.follow)?);
        }
        Ok(Self {
            report: Box::new(Several::new(reports)),
            files: files.into_iter().map(|(_, file)| file).collect(),
        })
    }

    /// The reports are finished: puts the files in their places.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        // Only now have they written all that they held.
        drop(self.report);
        for file in self.files {
            file.commit()?;
        }
        Ok(())
    }
}

/// Begins files. What is open already comes first: later a number such as that in `/dev/fd/3` may be
/// one of the files.
fn begin(outputs: &[Output]) -> anyhow::Result<Vec<(Format, AtomicFile)>> {
    let is_stream = |output: &&Output| matches!(Target::of(&output.file), Ok(Target::Stream(_)));
    let (streams, files): (Vec<_>, Vec<_>) = outputs.iter().partition(is_stream);
    let all = streams.into_iter().chain(files);
    all.map(|output| Ok((output.format, AtomicFile::create(&output.file)?)))
        .collect()
}

/// The file that GitHub shows on the chunk of a run.
fn summary() -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    path.map(PathBuf::from)
}

fn report(
    format: Format,
    purpose: Purpose,
    out: impl Write + 'static,
    style: Style,
    inputs: usize,
    is_followed: bool,
) -> anyhow::Result<Box<dyn Reporter>> {
    Ok(match format {
        Format::Human if purpose == Purpose::Inspect => {
            let inspect = Inspect::new(out, style, inputs);
            Box::new(if is_followed {
                inspect.following()
            } else {
                inspect
            })
        }
        Format::Human => Box::new(Plain::human(out, style)),
        Format::Json => Box::new(Json::new(out)),
        Format::Ndjson => Box::new(Plain::ndjson(out)),
        Format::Short => Box::new(Plain::short(out)),
        Format::Github => Box::new(Listing::github(out, workspace()?, summary())),
        Format::Gitlab => Box::new(Listing::gitlab(out, workspace()?)),
        Format::Sarif => Box::new(Listing::sarif(out, workspace()?)),
        Format::Junit => Box::new(Junit::new(out, workspace()?)),
    })
}

/// The repository around the current folder, or that folder itself.
fn workspace() -> anyhow::Result<Workspace> {
    let here = env::current_dir().context("the current folder cannot be determined")?;
    let root = repository(&here).unwrap_or(&here).to_path_buf();
    Ok(Workspace::new(root, here))
}
