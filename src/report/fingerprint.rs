//! What identifies a finding from one run to the next, although lines move: where it is and what
//! it says, but not its line. Several alike in one file are told apart by counting.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::list::ListedDiagnostic;

/// How many different findings of a file are remembered. Later ones are known by their number in the
/// file, and keep their fingerprint only while that stays the same.
const REMEMBERED: usize = 1 << 16;

/// Gives findings their fingerprints, in order.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    path: String,
    /// How many findings there were in the file.
    count: u64,
    /// How often each was seen in the file.
    seen: HashMap<[u8; 16], u64>,
}

impl Fingerprints {
    /// The fingerprint of the next finding: 32 hex digits.
    pub(super) fn of(&mut self, path: &str, diagnostic: &ListedDiagnostic<'_>) -> String {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.count = 0;
            self.seen.clear();
        }
        self.count += 1;
        let known = digest(&[
            path,
            &diagnostic.code,
            &diagnostic.pointer,
            &diagnostic.message,
        ]);
        let has_room = self.seen.len() < REMEMBERED;
        let own = match self.seen.get_mut(&known) {
            Some(times) => {
                *times += 1;
                digest(&[&hex(&known), &times.to_string()])
            }
            None if has_room => {
                self.seen.insert(known, 1);
                known
            }
            None => digest(&[&hex(&known), "finding", &self.count.to_string()]),
        };
        hex(&own)
    }
}

/// The first half of a hash over parts; each is ended by a byte that is in no text.
fn digest(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
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
