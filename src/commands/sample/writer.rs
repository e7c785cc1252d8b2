//! Writes the payloads.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use mewshook::contract::Event;
use mewshook::sample::Layout;

use crate::cli::SampleArgs;
use crate::files::{self, stdout};
use crate::messages::{escaped, path_name};

/// Writes payloads: to standard output as they are made, or to the files of a folder in the end.
pub(super) struct PayloadWriter<'a> {
    layout: Layout,
    /// The folder to write files to, instead of standard output.
    folder: Option<&'a Path>,
    /// Whether files that already exist are replaced.
    force: bool,
    stdout: Box<dyn Write>,
    /// The names and contents of the files.
    files: Vec<(String, String)>,
    /// The number of payloads with the same name.
    name_counts: HashMap<String, u32>,
    /// The number of payloads added.
    count: u64,
}

impl<'a> PayloadWriter<'a> {
    pub(super) fn new(args: &'a SampleArgs) -> Self {
        Self {
            layout: if args.ndjson {
                Layout::Line
            } else {
                Layout::Pretty
            },
            folder: args.out_dir.as_deref(),
            force: args.force,
            stdout: Box::new(stdout()),
            files: Vec::new(),
            name_counts: HashMap::new(),
            count: 0,
        }
    }

    /// Returns the layout that the payloads are to have.
    pub(super) fn layout(&self) -> Layout {
        self.layout
    }

    /// Adds a payload. `name` is the name of its file, without the extension.
    pub(super) fn add(&mut self, name: &str, text: String) -> io::Result<()> {
        self.count += 1;
        if self.folder.is_none() {
            return self.stdout.write_all(text.as_bytes());
        }
        let count = self.name_counts.entry(name.to_owned()).or_default();
        *count += 1;
        let name = match count {
            1 => format!("{name}.json"),
            count => format!("{name}.{count}.json"),
        };
        self.files.push((name, text));
        Ok(())
    }

    /// Adds a payload with an error. The file's name starts with the code; for a payload on standard
    /// output, standard error names it.
    pub(super) fn add_invalid(
        &mut self,
        code: &str,
        event: &Event,
        text: String,
    ) -> io::Result<()> {
        self.add(&format!("{code}-{}-{}", event.kind, event.name), text)?;
        if self.folder.is_none() {
            writeln!(io::stderr(), "payload {}: {code}", self.count)?;
        }
        Ok(())
    }

    /// Writes the files, and prints their paths.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        if let Some(folder) = self.folder {
            let files = self.files.iter();
            let files = files.map(|(name, text)| (name.clone(), text.as_bytes()));
            files::write_all(folder, files, self.force)?;
            for (name, _) in &self.files {
                let path = folder.join(name);
                writeln!(self.stdout, "{}", escaped(path_name(path.display())))?;
            }
        }
        self.stdout.flush()?;
        Ok(())
    }
}
