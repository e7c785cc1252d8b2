//! The name of an input in reports.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::secrets::Masking;

/// The name of an input in reports: a path, or `<stdin>`.
///
/// Secrets in the path are masked when the label is first read: of thousands of valid files, a report
/// names only a few, and searching a path for secrets takes longer than checking a small payload.
#[derive(Clone)]
pub struct Label(Arc<Text>);

struct Text {
    path: String,
    masking: Masking,
    /// The path with its secrets masked, if it has any.
    masked: OnceLock<Option<String>>,
}

impl Label {
    /// Creates a label from a path, in which secrets are masked if `masking` says so.
    pub fn new(path: impl Into<String>, masking: Masking) -> Self {
        Self(Arc::new(Text {
            path: path.into(),
            masking,
            masked: OnceLock::new(),
        }))
    }
}

impl From<&str> for Label {
    /// Creates a label in which nothing is masked.
    fn from(text: &str) -> Self {
        Self::new(text, Masking::Off)
    }
}

impl Deref for Label {
    type Target = str;

    fn deref(&self) -> &str {
        let Text {
            path,
            masking,
            masked,
        } = &*self.0;
        let masked = masked.get_or_init(|| {
            let masked = masking.mask_path(path);
            (*masked != **path).then(|| masked.into_owned())
        });
        masked.as_deref().unwrap_or(path)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl Eq for Label {}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_where_masking_is_on() {
        let path = "token=abc/a.json";
        let masked = Label::new(path, Masking::On);
        let printed = [
            masked.to_string(),
            format!("{masked:?}"),
            (*masked).to_owned(),
        ];
        assert_eq!(
            printed,
            [
                "token=***/a.json",
                "\"token=***/a.json\"",
                "token=***/a.json"
            ]
        );
        assert_eq!(&*Label::new(path, Masking::Off), path);
        assert_eq!(&*Label::new("a.json", Masking::On), "a.json");
    }

    #[test]
    fn labels_are_compared_as_they_are_printed() {
        let label = |path| Label::new(path, Masking::On);
        assert_eq!(label("token=abc"), label("token=***"));
        assert!(label("a") < label("b"));
    }
}
