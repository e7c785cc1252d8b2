//! Makes the document of a payload: by its layout if that is known, and otherwise with the parser.

use std::str::{self, Utf8Error};

use crate::document::{Document, PayloadText, SyntaxError, SyntaxErrorKind, Tape};

use super::excerpt::excerpt;
use super::payload::Checker;

impl Checker {
    /// Parses a payload that is checked later, or not at all. If its layout is known, the document is made by that,
    /// without the parser. The layout of a large payload is learned from an excerpt, which is checked first.
    ///
    /// # Errors
    /// The text is not JSON. [`Checker::check_broken`] returns the verdict.
    pub fn parse<'t>(&mut self, source: &PayloadText<'t>) -> Result<Document<'t>, SyntaxError> {
        if let Some(fault) = &source.syntax_error {
            return Err(fault.clone());
        }
        let text = str::from_utf8(source.text).map_err(|error| self.not_utf8(source, error))?;
        let max_depth = source.max_depth;
        let tape = std::mem::take(&mut self.tape);
        let by_layout = self.shapes.read(tape, text, max_depth);
        by_layout
            .or_else(|tape| self.read_by_excerpt(tape, text, max_depth))
            .or_else(|tape| Document::parse_with(tape, text, max_depth))
            .map_err(|(error, tape)| {
                self.tape = tape;
                error
            })
    }

    /// Reads a large text by its layout, which is learned from an excerpt.
    ///
    /// # Errors
    /// The text is not large, or the excerpt does not have its layout. The tape is returned.
    fn read_by_excerpt<'t>(
        &mut self,
        tape: Tape,
        text: &'t str,
        max_depth: usize,
    ) -> Result<Document<'t>, Tape> {
        if self.is_detecting {
            return Err(tape);
        }
        let Some(excerpt) = excerpt(text) else {
            return Err(tape);
        };
        let source = PayloadText {
            max_depth,
            ..PayloadText::from(&*excerpt)
        };
        self.shapes.end_warm_up();
        // First, the shape of an excerpt without findings is remembered, then its layout, then the kind of the layout.
        for round in 0..3 {
            let checked = self.check(&source);
            let document = checked.document.as_ref();
            let is_known = document.is_some_and(|document| document.layout().is_some());
            let has_findings = !checked.verdict.diagnostics.is_empty();
            self.recycle(checked);
            if is_known && round > 0 {
                return self.shapes.read(tape, text, max_depth);
            }
            // If its layout was known before, the text has another one.
            if is_known || has_findings {
                break;
            }
        }
        Err(tape)
    }

    /// Returns the first error of a text that is not UTF-8.
    fn not_utf8(&mut self, source: &PayloadText<'_>, error: Utf8Error) -> SyntaxError {
        // The bytes that are not UTF-8 are the error, unless the text before them has one.
        let (good, bad) = source.text.split_at(error.valid_up_to());
        let utf8 = SyntaxError {
            offset: good.len(),
            length: error.error_len().unwrap_or(bad.len()),
            kind: SyntaxErrorKind::Utf8 { byte: bad[0] },
        };
        let good = str::from_utf8(good).unwrap_or_default();
        let tape = std::mem::take(&mut self.tape);
        let (first, tape) = match Document::parse_with(tape, good, source.max_depth) {
            Err((error, tape)) if error.offset < good.len() && error.kind.is_certain() => {
                (error, tape)
            }
            Err((_, tape)) => (utf8, tape),
            Ok(document) => (utf8, document.into_tape()),
        };
        self.tape = tape;
        first
    }
}
