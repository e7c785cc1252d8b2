//! Creates the reports of a run: the one on standard output, and those in files.

use std::env;
use std::io::BufWriter;
use std::path::PathBuf;

use mewshook::Masking;
use mewshook::config::repository_root;
use mewshook::report::{Quiet, ReportOptions, Reporter, Style, Tee, View, Workspace};

use crate::cli::{CheckArgs, Output};
use crate::files::{AtomicFile, FileTarget, ReadFile, refuse_outputs, stdout};

/// The purpose of a run. Only what is printed for people depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To show each payload.
    Inspect,
    /// To show diagnostics.
    Validate,
    /// To get the exit status, with nothing printed.
    StatusOnly,
}

/// The reports of a run.
pub(super) struct Reports {
    /// A reporter that passes everything on to all reports.
    pub(super) report: Box<dyn Reporter>,
    /// The files that reports are written to.
    files: Vec<AtomicFile>,
}

impl Reports {
    /// Creates the reports that `args` ask for, and their files, so that a path that can't be written
    /// to is an error before the work is done.
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
        let printed_format = (purpose != Purpose::StatusOnly).then_some(args.format);
        let outputs = args.output.iter().map(|output| output.format);
        let mut formats = outputs.chain(printed_format);
        let summary = summary_file().filter(|_| formats.any(|format| format.name == "github"));
        refuse_outputs(
            args.output.iter().map(|output| &*output.file),
            summary.as_deref(),
            reads,
        )?;
        let files = create_files(&args.output)?;
        let options = ReportOptions {
            style,
            view,
            max_per_rule: (args.max_per_rule > 0).then_some(args.max_per_rule.into()),
            workspace: workspace(args.run.masking()),
            summary,
        };
        let printed = match printed_format {
            Some(format) => format.reporter(stdout(), options.clone()),
            None => Box::new(Quiet),
        };
        if args.output.is_empty() {
            return Ok(Self::single(printed));
        }
        let file_style = style_of_files(style);
        let mut reports = vec![printed];
        for (format, file) in &files {
            let out = BufWriter::new(file.writer()?);
            let options = ReportOptions {
                style: file_style,
                ..options.clone()
            };
            reports.push(format.reporter(out, options));
        }
        let files = files.into_iter().map(|(_, file)| file).collect();
        Ok(Self::with_files(Box::new(Tee::new(reports)), files))
    }

    /// Returns a report that is also written to files.
    pub(super) fn with_files(report: Box<dyn Reporter>, files: Vec<AtomicFile>) -> Self {
        Self { report, files }
    }

    /// Returns a single report that is written to no file of its own.
    pub(super) fn single(report: Box<dyn Reporter>) -> Self {
        Self::with_files(report, Vec::new())
    }

    /// Moves the files to their paths, once the reports are finished.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        // Flushes the buffers of the files.
        drop(self.report);
        for file in self.files {
            file.commit()?;
        }
        Ok(())
    }
}

/// Returns the style of reports in files, which no terminal shows.
pub(super) fn style_of_files(style: Style) -> Style {
    Style {
        colour: false,
        is_fitted: false,
        ..style
    }
}

/// Creates the files of reports. Those that are open already, such as `/dev/fd/3`, come first: a file
/// that is created here may get the same number.
pub(super) fn create_files<F>(
    outputs: &[Output<F>],
) -> anyhow::Result<Vec<(&'static F, AtomicFile)>> {
    let is_stream =
        |output: &&Output<F>| matches!(FileTarget::of(&output.file), Ok(FileTarget::Stream(_)));
    let (streams, files): (Vec<_>, Vec<_>) = outputs.iter().partition(is_stream);
    let outputs = streams.into_iter().chain(files);
    outputs
        .map(|output| Ok((output.format, AtomicFile::create(&output.file)?)))
        .collect()
}

/// Returns the file whose contents GitHub Actions shows on the page of a run, if there is one.
fn summary_file() -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    path.map(PathBuf::from)
}

/// Returns the workspace: the repository that contains the current folder, or that folder.
fn workspace(masking: Masking) -> Workspace {
    // Fails if the folder was deleted. Then paths are reported as they were given.
    let current = env::current_dir().unwrap_or_default();
    let root = repository_root(&current).unwrap_or(&current).to_path_buf();
    Workspace::new(root, current, masking)
}
