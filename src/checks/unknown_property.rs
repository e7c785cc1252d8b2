//! Warns of properties that are not listed. They are valid, since Mews adds properties without
//! notice, but a misspelt optional property would be silently ignored.

use crate::diagnostic::{Level, Rule, Source};
use crate::suggestion;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-property",
    level: Level::Warning,
    summary: "A property is not listed in the documentation.",
    why: "Mews adds properties without notice, so this is not an error. It may also be a \
          misspelt optional property, which a handler would silently ignore; then the message \
          suggests the listed name.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "Region": "eu"}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unlisted in &subject.survey.unlisted {
        let name = subject.document.node(unlisted.name);
        findings.add(&RULE, name, |found| {
            let found = found.message("is not listed for this payload");
            let text = name.as_str().unwrap_or_default();
            let listed = subject.survey.listed(unlisted.listed);
            match suggestion::nearest(&text, listed.iter().copied()) {
                Some(listed) => found.help(format!("did you mean `{listed}`?")),
                None => found.help(
                    "Mews adds properties without notice; handlers should ignore unlisted ones",
                ),
            }
        });
    }
}
