//! From formats to reports: the one on standard output, and those in files.

use std::env;
use std::io::BufWriter;
use std::path::PathBuf;

use mewshook::config::repository_root;
use mewshook::report::{Format, Quiet, ReportOptions, Reporter, Style, Tee, View, Workspace};

use crate::cli::{CheckArgs, Output};
use crate::files::{AtomicFile, ReadFile, Target, refuse_outputs, stdout};

/// What a run is for. The text for people differs, everything else is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To show each payload.
    Inspect,
    /// To show diagnostics.
    Validate,
    /// For its exit status alone.
    StatusOnly,
}

/// The reports of a run, and the files that some are written to.
pub(super) struct Reports {
    pub(super) report: Box<dyn Reporter>,
    files: Vec<AtomicFile>,
}

impl Reports {
    /// Creates the reports that `args` ask for. Files are created first, so that what can't be
    /// written is reported before the work is done.
    pub(super) fn new(
        purpose: Purpose,
        args: &CheckArgs,
        style: Style,
        inputs: usize,
        reads: &[ReadFile],
    ) -> anyhow::Result<Self> {
        let view = match purpose {
            Purpose::Inspect => View::Payloads {
                inputs,
                is_followed: args.follow,
            },
            Purpose::Validate | Purpose::StatusOnly => View::Diagnostics,
        };
        let printed = (purpose != Purpose::StatusOnly).then_some(args.format);
        let outputs = args.output.iter().map(|output| output.format);
        let mut formats = outputs.chain(printed);
        let summary = summary().filter(|_| formats.any(|format| format.name == "github"));
        refuse_outputs(
            args.output.iter().map(|output| &*output.file),
            summary.as_deref(),
            reads,
        )?;
        let files = create(&args.output)?;
        let options = ReportOptions {
            style,
            view,
            workspace: workspace(),
            summary,
        };
        let main = match printed {
            Some(format) => format.reporter(stdout(), options.clone()),
            None => Box::new(Quiet),
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
            let options = ReportOptions {
                style: plain,
                ..options.clone()
            };
            reports.push(format.reporter(out, options));
        }
        Ok(Self {
            report: Box::new(Tee::new(reports)),
            files: files.into_iter().map(|(_, file)| file).collect(),
        })
    }

    /// Moves the files of finished reports to their paths.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        // Dropping the report writes what it has buffered.
        drop(self.report);
        for file in self.files {
            file.commit()?;
        }
        Ok(())
    }
}

/// Creates the files. Streams that are open already come first: later, a number such as that in
/// `/dev/fd/3` may be that of a new file.
fn create(outputs: &[Output]) -> anyhow::Result<Vec<(&'static Format, AtomicFile)>> {
    let is_stream = |output: &&Output| matches!(Target::of(&output.file), Ok(Target::Stream(_)));
    let (streams, files): (Vec<_>, Vec<_>) = outputs.iter().partition(is_stream);
    let all = streams.into_iter().chain(files);
    all.map(|output| Ok((output.format, AtomicFile::create(&output.file)?)))
        .collect()
}

/// Returns the file that GitHub shows on the page of a run.
fn summary() -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    path.map(PathBuf::from)
}

/// Returns the repository around the current folder, or that folder itself.
fn workspace() -> Workspace {
    // A folder that was deleted has no path; files are then named as they were given.
    let here = env::current_dir().unwrap_or_default();
    let root = repository_root(&here).unwrap_or(&here).to_path_buf();
    Workspace::new(root, here)
}
