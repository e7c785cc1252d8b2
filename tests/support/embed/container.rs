//! Writes texts as compressed or encoded files.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What a file is compressed or encoded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    None,
    /// Two members of gzip.
    Gzip,
    Zstd,
    Utf16,
}

pub const ALL: [Container; 4] = [
    Container::None,
    Container::Gzip,
    Container::Zstd,
    Container::Utf16,
];

impl Container {
    /// Returns the bytes of a file with this text. In UTF-16, it must start with a byte-order mark.
    pub fn write(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Utf16 => {
                let text = std::str::from_utf8(text).unwrap();
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Self::Gzip => {
                let (first, second) = text.split_at(text.len() / 2);
                [first, second].map(gzip).concat()
            }
            Self::Zstd => zstd::encode_all(text, 0).unwrap(),
            Self::None => text.to_vec(),
        }
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}
