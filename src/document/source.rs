//! A payload before it is parsed.

use super::{MAX_DEPTH, Position, SyntaxError};

/// A payload's text, and where it comes from.
#[derive(Debug, Clone)]
pub struct Source<'t> {
    /// The text, with no white space around it.
    pub text: &'t [u8],
    /// Where the text starts in its input.
    pub start: Position,
    /// How many levels of brackets it may have.
    pub levels: usize,
    /// What is wrong before the payload itself, as a place in the text.
    pub fault: Option<SyntaxError>,
}

impl<'t> From<&'t str> for Source<'t> {
    fn from(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            start: Position::START,
            levels: MAX_DEPTH,
            fault: None,
        }
    }
}
