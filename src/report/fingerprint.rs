//! Fingerprints, by which a service recognises a diagnostic in the next run although its line moved.
//!
//! A fingerprint is a hash of the path, the code, the pointer and the message, not of the line.
//! Diagnostics of a file that agree in all of these are numbered.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::list::ListedDiagnostic;

/// The maximum number of different diagnostics of a file that are remembered. The fingerprints of
/// those after them include their number in the file, so they change when that number does.
const MAX_REMEMBERED: usize = 1 << 16;

/// Creates the fingerprints of a report's diagnostics, in order.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    path: String,
    /// The number of diagnostics of the file so far.
    count: u64,
    /// The number of diagnostics of the file for each hash.
    seen: HashMap<[u8; 16], u64>,
}

impl Fingerprints {
    /// Returns the fingerprint of the next diagnostic: 32 hex digits.
    pub(super) fn next(&mut self, path: &str, diagnostic: &ListedDiagnostic<'_>) -> String {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.count = 0;
            self.seen.clear();
        }
        self.count += 1;
        let hash = digest(&[
            path,
            &diagnostic.code,
            &diagnostic.pointer,
            &diagnostic.message,
        ]);
        let has_room = self.seen.len() < MAX_REMEMBERED;
        let fingerprint = match self.seen.get_mut(&hash) {
            Some(count) => {
                *count += 1;
                digest(&[&hex(&hash), &count.to_string()])
            }
            None if has_room => {
                self.seen.insert(hash, 1);
                hash
            }
            None => digest(&[&hex(&hash), "finding", &self.count.to_string()]),
        };
        hex(&fingerprint)
    }
}

/// Returns the first half of a hash of texts. Each is ended by a byte that no text contains.
fn digest(texts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0xFF]);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

fn hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}
