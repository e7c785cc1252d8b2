//! From formats to reports: the one on standard output, and those in files.

use std::env;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use mewshook::config::repository;
use mewshook::report::{
    Inspect, Json, Junit, Listing, Plain, Quiet, Report, Several, Style, Workspace,
};

use crate::cli::{CheckArgs, Format, Output};

use super::files::Whole;
use super::output::is_stdin;
use super::{stdout, usage};

/// Which command reports: what is printed for people differs, everything else is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Inspect,
    Validate,
    /// Nobody: the exit status tells.
    Nobody,
}

/// What a run reports to, and the files that come of it.
pub(super) struct Reports {
    pub(super) report: Box<dyn Report>,
    files: Vec<Whole>,
}

impl Reports {
    /// What is asked for, about these inputs. Files are begun, so that what can't be
    /// written is told before the work is done.
    pub(super) fn new(
        command: For,
        args: &CheckArgs,
        style: Style,
        inputs: &[&Path],
    ) -> anyhow::Result<Self> {
        let mut taken = Vec::new();
        for output in &args.output {
            let file = place(&output.file);
            if taken.contains(&file) {
                let message = format!("two reports cannot both go to {}", output.file.display());
                return Err(usage(message));
            }
            let is_read = |input: &&Path| match input.to_str() {
                Some("-") => is_stdin(&output.file),
                _ => place(input) == file,
            };
            if inputs.iter().any(is_read) {
                return Err(usage(format!(
                    "{} is also an input, and a report would replace it: write to another file",
                    output.file.display()
                )));
            }
            taken.push(file);
        }
        let inputs = inputs.len();
        let main = if command == For::Nobody {
            Box::new(Quiet)
        } else {
            report(args.format, command, stdout(), style, inputs, args.follow)?
        };
        if args.output.is_empty() {
            let files = Vec::new();
            return Ok(Self {
                report: main,
                files,
            });
        }
        let plain = Style {
            colour: false,
            is_fitted: false,
            ..style
        };
        let mut reports = vec![main];
        let mut files = Vec::new();
        for Output { format, file } in &args.output {
            let whole = Whole::create(file)?;
            let out: BufWriter<File> = BufWriter::new(whole.file()?);
            reports.push(report(*format, command, out, plain, inputs, args.follow)?);
            files.push(whole);
        }
        Ok(Self {
            report: Box::new(Several::new(reports)),
            files,
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

fn report(
    format: Format,
    command: For,
    out: impl Write + 'static,
    style: Style,
    inputs: usize,
    is_followed: bool,
) -> anyhow::Result<Box<dyn Report>> {
    Ok(match format {
        Format::Human if command == For::Inspect => {
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
        Format::Github => {
            let summary = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
            Box::new(Listing::github(
                out,
                workspace()?,
                summary.map(PathBuf::from),
            ))
        }
        Format::Gitlab => Box::new(Listing::gitlab(out, workspace()?)),
        Format::Sarif => Box::new(Listing::sarif(out, workspace()?)),
        Format::Junit => Box::new(Junit::new(out, workspace()?)),
    })
}

/// Where a file is, or would be, however it is written.
fn place(file: &Path) -> PathBuf {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (file.canonicalize(), folder, file.file_name()) {
        (Ok(place), ..) => place,
        (_, Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_path_buf(),
    }
}

/// The repository around the current folder, or that folder itself.
fn workspace() -> anyhow::Result<Workspace> {
    let here = env::current_dir().context("the current folder cannot be determined")?;
    let root = repository(&here).unwrap_or(&here).to_path_buf();
    Ok(Workspace::new(root, here))
}
