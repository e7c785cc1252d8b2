//! The text of a payload before it is parsed.

use super::{MAX_DEPTH, Position, SyntaxError};

/// The text of a payload, and where it stands.
#[derive(Debug, Clone)]
pub struct PayloadText<'t> {
    /// The text, without white space around it.
    pub text: &'t [u8],
    /// The position of the first byte in the input.
    pub start: Position,
    /// The maximum nesting depth of brackets.
    pub levels: usize,
    /// A syntax error that was found while the text was cut from its stream.
    pub fault: Option<SyntaxError>,
}

impl<'t> From<&'t str> for PayloadText<'t> {
    fn from(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            start: Position::START,
            levels: MAX_DEPTH,
            fault: None,
        }
    }
}
