//! The outputs of reports that are written at the end of a run, each in a format of its own.

use std::io::{self, ErrorKind, Write};

/// Where a report is written to. `F` is the type of its formats, and `O` that of an output's options.
pub(super) struct Outputs<'w, F: 'static, O> {
    outputs: Vec<Output<'w, F, O>>,
}

/// One output.
struct Output<'w, F: 'static, O> {
    format: &'static F,
    out: Box<dyn Write + 'w>,
    options: O,
}

impl<'w, F, O> Outputs<'w, F, O> {
    /// Adds an output.
    pub(super) fn add(&mut self, format: &'static F, out: impl Write + 'w, options: O) {
        self.outputs.push(Output {
            format,
            out: Box::new(out),
            options,
        });
    }

    /// Writes a report to all outputs.
    ///
    /// # Errors
    /// An output can't be written. One that was closed by its reader is skipped.
    pub(super) fn write(
        &mut self,
        write: impl Fn(&F, &mut dyn Write, &O) -> io::Result<()>,
    ) -> io::Result<()> {
        for output in &mut self.outputs {
            let out = &mut output.out;
            let written = write(output.format, out, &output.options).and_then(|()| out.flush());
            match written {
                // The other outputs still have readers.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
                written => written?,
            }
        }
        Ok(())
    }
}

impl<F, O> Default for Outputs<'_, F, O> {
    fn default() -> Self {
        Self {
            outputs: Vec::new(),
        }
    }
}
