//! What encodes a text, from the outside in.

use std::fmt;

/// One encoding of a text or of other encoded data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// gzip: one member or several.
    Gzip,
    /// zstd: one frame or several.
    Zstd,
    /// UTF-16 with the low byte first.
    Utf16Le,
    /// UTF-16 with the high byte first.
    Utf16Be,
}

impl Encoding {
    /// Returns `true` for compression, and `false` for a character encoding.
    pub fn is_compression(self) -> bool {
        matches!(self, Self::Gzip | Self::Zstd)
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip-compressed data",
            Self::Zstd => "zstd-compressed data",
            Self::Utf16Le | Self::Utf16Be => "UTF-16 text",
        })
    }
}

/// What encodes a text, from the outside in. Text that is UTF-8 as it stands has an empty one.
///
/// A byte-order mark is part of the text, so it is not recorded here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Container {
    layers: Vec<Encoding>,
}

impl Container {
    /// Creates the container of text that is UTF-8 as it stands.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the encodings, the outermost first.
    pub fn layers(&self) -> &[Encoding] {
        &self.layers
    }

    /// Returns `true` if the text is UTF-8 as it stands.
    pub fn is_plain(&self) -> bool {
        self.layers.is_empty()
    }

    /// Returns `true` if the outermost data is compressed.
    pub fn is_compressed(&self) -> bool {
        self.layers
            .first()
            .is_some_and(|layer| layer.is_compression())
    }

    /// Adds an encoding inside of the others.
    pub fn push(&mut self, encoding: Encoding) {
        self.layers.push(encoding);
    }
}

impl FromIterator<Encoding> for Container {
    fn from_iter<I: IntoIterator<Item = Encoding>>(layers: I) -> Self {
        let layers = layers.into_iter().collect();
        Self { layers }
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.layers.split_first() else {
            return f.write_str("UTF-8 text");
        };
        first.fmt(f)?;
        others
            .iter()
            .try_for_each(|layer| write!(f, " that contains {layer}"))
    }
}
