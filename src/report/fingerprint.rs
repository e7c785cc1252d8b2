//! What identifies a finding from one run to the next, although lines move: where it is and what
//! it says, but not its line. Several alike in one file are told apart by counting.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::findings::Found;

/// Gives findings their fingerprints, in order.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    path: String,
    /// How often each was seen in the file.
    seen: HashMap<[u8; 16], u64>,
}

impl Fingerprints {
    /// The fingerprint of the next finding: 32 hex digits.
    pub(super) fn of(&mut self, path: &str, found: &Found) -> String {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.seen.clear();
        }
        let known = digest(&[path, found.code, &found.pointer, &found.message]);
        let times = self.seen.entry(known).or_default();
        *times += 1;
        let own = match *times {
            1 => known,
            times => digest(&[&hex(&known), &times.to_string()]),
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
