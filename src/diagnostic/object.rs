//! A diagnostic as JSON, with the names of the JSON reports: see `docs/json.md`.

use serde::{Serialize, Serializer};

use super::Diagnostic;

/// A diagnostic's object.
#[derive(Serialize)]
pub(crate) struct DiagnosticObject<'d> {
    code: &'static str,
    severity: &'static str,
    expected: bool,
    message: &'d str,
    pointer: &'d str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pointer_encloses: bool,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    offset: u64,
    length: usize,
    help: Option<&'d str>,
    docs: &'static str,
    rule: &'d str,
}

impl Diagnostic {
    /// Returns the object of a diagnostic of a payload that starts at an offset in its input.
    pub(crate) fn object(&self, offset: u64) -> DiagnosticObject<'_> {
        DiagnosticObject {
            code: self.code,
            severity: self.severity.name(),
            expected: self.expected,
            message: &self.message,
            pointer: &self.pointer,
            pointer_encloses: self.encloses,
            line: self.start.line,
            column: self.start.column,
            end_line: self.end.line,
            end_column: self.end.column,
            offset: offset + self.written_span.start as u64,
            length: self.written_span.len(),
            help: self.help.as_deref(),
            docs: self.docs,
            rule: &self.rule,
        }
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object(0).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn verdicts_have_the_names_of_the_reports() {
        let verdict = crate::check(r#"{"Action": "IntegrationEnabled", "Data": {}}"#);
        let written = serde_json::to_value(&verdict).unwrap_or_default();
        let expected = serde_json::json!({
            "kind": "integration",
            "valid": false,
            "passed": false,
            "diagnostics": [{
                "code": "missing-property",
                "severity": "error",
                "expected": false,
                "message": "`Data.Integration` is missing",
                "pointer": "/Data",
                "line": 1,
                "column": 42,
                "end_line": 1,
                "end_column": 44,
                "offset": 41,
                "length": 2,
                "help": "add `Integration`: it is required here",
                "docs": "https://docs.mews.com/connector-api/events/wh-integration",
                "rule": "integration.schema.json#/$defs/integrationOnlyData/required",
            }],
            "omitted": 0,
            "errors": 1,
            "warnings": 0,
        });
        assert_eq!(written, expected);
    }

    #[test]
    fn secrets_are_masked() {
        let token = "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F";
        let text = format!(r#"{{"Action": "IntegrationEnabled", "Data": {{"{token}": 1}}}}"#);
        let written = serde_json::to_string(&crate::check(&text)).unwrap_or_default();
        assert!(written.contains("unknown-property") && !written.contains(token));
    }
}
