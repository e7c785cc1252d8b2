//! Counts of payloads by the kind of capture that they were wrapped in, for the closing line.

use serde::Serialize;

use crate::input::Label;

use super::wording::quantity;

/// The number of payloads in each kind of capture, and of the inputs that they were in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CaptureCounts {
    counts: Vec<CaptureCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct CaptureCount {
    name: &'static str,
    payloads: u64,
    inputs: u64,
    /// The input that was counted last. The chunks of an input follow one another.
    #[serde(skip)]
    input: Option<Label>,
}

impl CaptureCounts {
    /// Counts a payload.
    pub fn add(&mut self, name: &'static str) {
        self.count(name).payloads += 1;
    }

    /// Adds the counts of a chunk of an input.
    pub(super) fn merge(&mut self, part: &Self, input: &Label) {
        for CaptureCount { name, payloads, .. } in &part.counts {
            let count = self.count(name);
            count.payloads += payloads;
            if count.input.as_ref() != Some(input) {
                count.inputs += 1;
                count.input = Some(input.clone());
            }
        }
    }

    /// Returns the counts as text: `39 in 1 HAR file`.
    pub(super) fn text(&self) -> Option<String> {
        let texts = self.counts.iter().map(|count| {
            let place = place(count.name, count.inputs);
            format!("{} in {place}", count.payloads)
        });
        let texts = texts.collect::<Vec<_>>().join(", ");
        (!texts.is_empty()).then_some(texts)
    }

    fn count(&mut self, name: &'static str) -> &mut CaptureCount {
        let found = self.counts.iter().position(|count| count.name == name);
        let index = found.unwrap_or_else(|| {
            self.counts.push(CaptureCount {
                name,
                payloads: 0,
                inputs: 0,
                input: None,
            });
            self.counts.len() - 1
        });
        &mut self.counts[index]
    }
}

/// Returns what the payloads were in, with the number of inputs: `1 HAR file`, `JSON strings of 2 files`.
fn place(name: &str, inputs: u64) -> String {
    let inside = match name {
        "HAR" | "JSON" | "CSV" | "XML" | "log" | "text" => {
            return quantity(inputs, &format!("{name} file"));
        }
        "Docker" | "Kubernetes" | "nginx" => return quantity(inputs, &format!("{name} log")),
        "HTTP" => "HTTP bodies",
        "JSON string" => "JSON strings",
        "base64" | "gzip" => name,
        "form" => "form fields",
        "mewshook" => "extracted records",
        tool => return quantity(inputs, &format!("{tool} capture")),
    };
    format!("{inside} of {}", quantity(inputs, "file"))
}

#[cfg(test)]
mod tests {

    use super::{CaptureCounts, Label};

    #[test]
    fn the_text_names_what_payloads_were_in() {
        let mut totals = CaptureCounts::default();
        assert_eq!(totals.text(), None);
        for (input, names) in [
            ("a", &["HAR", "HAR", "HTTP"][..]),
            ("b", &["JSON string", "HTTP", "ngrok"]),
            ("c", &["JSON string", "nginx", "base64"]),
        ] {
            let mut part = CaptureCounts::default();
            for name in names {
                part.add(name);
            }
            // An input may arrive in several chunks.
            totals.merge(&part, &Label::from(input));
            totals.merge(&CaptureCounts::default(), &Label::from(input));
        }
        let expected = "2 in 1 HAR file, 2 in HTTP bodies of 2 files, 2 in JSON strings of 2 files, \
                        1 in 1 ngrok capture, 1 in 1 nginx log, 1 in base64 of 1 file";
        assert_eq!(totals.text().as_deref(), Some(expected));
    }
}
