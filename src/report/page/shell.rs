//! What surrounds the sections of every page: its head, style and script, and what a browser may load.
//!
//! The policy in the head allows the style and the script by their hashes, and nothing else. So even
//! text that was not escaped could neither run nor load anything.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::secrets::Masking;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What surrounds the sections of a page.
#[derive(Debug)]
pub(in crate::report) struct Shell {
    /// The title.
    pub(in crate::report) title: String,
    /// The line below the title.
    pub(in crate::report) subtitle: String,
    /// Whether secrets are not masked.
    pub(in crate::report) shows_secrets: bool,
    /// The Content-Security-Policy.
    pub(in crate::report) policy: String,
    pub(in crate::report) style: &'static str,
    pub(in crate::report) script: &'static str,
    /// The version of the program.
    pub(in crate::report) version: &'static str,
}

impl Shell {
    /// Creates the surroundings of a page.
    pub(in crate::report) fn new(title: String, subtitle: String, masking: Masking) -> Self {
        let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
        let (style, script) = (hash(STYLE), hash(SCRIPT));
        let policy = format!(
            "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; \
             form-action 'none'"
        );
        Self {
            title,
            subtitle,
            shows_secrets: masking == Masking::Off,
            policy,
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
