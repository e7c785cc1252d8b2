//! How deeply a byte is escaped, which decides which quote ends a string.

use std::cmp::Ordering;

/// How deeply a byte is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct EscapeDepth {
    /// The number of layers of percent-encoding.
    pub(super) percent_layers: u8,
    /// The number of layers of HTML entities.
    pub(super) entity_layers: u8,
    /// The number of backslashes before the byte. For a quote, they tell how many strings its
    /// string is nested in.
    pub(super) backslashes: u32,
    /// Whether the byte is written by its code, as in `\u0022`. The text around it doesn't see a
    /// quote then, and needs no entity for it.
    pub(super) is_code: bool,
}

impl EscapeDepth {
    /// Returns `true` if a quote of this depth ends a string whose opening quote has the depth
    /// `opening`.
    ///
    /// JSON in a string has one backslash before each quote, JSON in a string in that three, then
    /// seven. A quote of a lower depth ends an outer string, and therefore this one, too.
    pub(super) fn ends(self, opening: Self) -> bool {
        let percent_layers = self.percent_layers.cmp(&opening.percent_layers);
        let entity_layers = if self.is_code || opening.is_code {
            Ordering::Equal
        } else {
            self.entity_layers.cmp(&opening.entity_layers)
        };
        match percent_layers.then(entity_layers) {
            // A quote that is escaped once more is content, however it is encoded.
            Ordering::Less => return self.backslashes <= opening.backslashes,
            Ordering::Greater => return false,
            Ordering::Equal => {}
        }
        let (mut closing, mut opening) = (self.backslashes, opening.backslashes);
        loop {
            if closing.is_multiple_of(2) {
                return true;
            }
            if opening == 0 {
                return false;
            }
            closing /= 2;
            opening = (opening - 1) / 2;
        }
    }
}
