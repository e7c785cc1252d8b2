//! The JSON pointer of the value that holds a payload.

use super::scope::{Enclosing, Scope};

/// The maximum length of a pointer, in bytes, as it is for those of diagnostics. Many payloads may stand
/// below a long name.
const MAX_LENGTH: usize = 1024;

/// Returns the pointer, in the outermost JSON value, of the value that holds the payload, if there is
/// one: the payload itself, or the string that it was decoded from. A pointer that is too long is
/// `None`.
pub(super) fn pointer(scope: &Scope<'_>) -> Option<String> {
    let mut outermost = Vec::new();
    let mut is_too_long = false;
    for scope in scope.outwards() {
        match scope.enclosing {
            Enclosing::Property { name, .. } => {
                // Each character is an escape of six bytes at most.
                if name.span().len() > 6 * MAX_LENGTH {
                    is_too_long = true;
                    continue;
                }
                let name = name.as_str().unwrap_or_default();
                outermost.push(format!("/{}", name.replace('~', "~0").replace('/', "~1")));
            }
            Enclosing::Item(index) => outermost.push(format!("/{index}")),
            // What is inside of a string has no pointer in the outer value.
            Enclosing::Decoding(_) | Enclosing::Message { .. } | Enclosing::Delivery { .. } => {
                outermost.clear();
                is_too_long = false;
            }
            Enclosing::Line(_) => {}
        }
    }
    outermost.reverse();
    let pointer = (!outermost.is_empty()).then(|| outermost.concat())?;
    (!is_too_long && pointer.len() <= MAX_LENGTH).then_some(pointer)
}
