//! What a key makes of secrets: the same of the same, and nothing that leads back without the key.
//!
//! HMAC-SHA-256 under the key, of what is replaced with its domain before it, so that what a name
//! becomes tells nothing of a token that says the same.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The fewest bytes that a key may have.
pub const SHORTEST_KEY: usize = 16;

/// What placeholders are made with.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It could be guessed.
    #[error("a key needs {SHORTEST_KEY} bytes or more, this one has {0}")]
    Short(usize),
    /// The system has no random bytes.
    #[error("the system gives no random key: {0}")]
    Random(#[from] getrandom::Error),
}

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    /// The second half of a token.
    Token,
    /// A secret of another shape.
    Word,
    /// An id, which may be the first half of a token.
    Id,
    /// A name.
    Name,
    /// An email address.
    Email,
}

impl Key {
    /// A key of one's own, for the same placeholders in several runs.
    ///
    /// # Errors
    /// It is too short.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() < SHORTEST_KEY {
            return Err(KeyError::Short(bytes.len()));
        }
        Hmac::new_from_slice(bytes)
            .map(Self)
            .map_err(|_| KeyError::Short(bytes.len()))
    }

    /// A key that nobody knows.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Self::new(&bytes)
    }

    /// As many lower-case hex digits as are wanted.
    pub(super) fn digits(&self, domain: Domain, text: &str, count: usize) -> String {
        let name: &[u8] = match domain {
            Domain::Token => b"token",
            Domain::Word => b"word",
            Domain::Id => b"id",
            Domain::Name => b"name",
            Domain::Email => b"email",
        };
        let mut digits = String::with_capacity(count + 64);
        // However long the text, it is looked at once: further blocks are made of the first.
        let mut seed = text.as_bytes().to_vec();
        for block in 0_u64.. {
            let mut mac = self.0.clone();
            for part in [name, &[0], &block.to_be_bytes(), &seed] {
                mac.update(part);
            }
            let bytes = mac.finalize().into_bytes();
            if block == 0 {
                seed = bytes.to_vec();
            }
            for byte in bytes {
                let _ = write!(digits, "{byte:02x}");
            }
            if digits.len() >= count {
                break;
            }
        }
        digits.truncate(count);
        digits
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}
