//! The text of a payload before it is parsed.

use super::{MAX_DEPTH, Position, SyntaxError};

/// The text of a payload, and its position.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PayloadText<'t> {
    /// The text, without white space around it.
    pub text: &'t [u8],
    /// The position of the text in the input.
    pub start: Position,
    /// The maximum nesting depth of brackets.
    pub max_depth: usize,
    /// A syntax error that was found when the frame was cut from the stream.
    pub syntax_error: Option<SyntaxError>,
}

impl<'t> From<&'t str> for PayloadText<'t> {
    fn from(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            start: Position::START,
            max_depth: MAX_DEPTH,
            syntax_error: None,
        }
    }
}
