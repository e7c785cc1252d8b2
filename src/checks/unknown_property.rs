//! Properties that are not listed: allowed, since Mews adds fields without notice, and told of,
//! since a misspelt optional property is silently lost.

use crate::diagnostic::{Level, Rule, Source};
use crate::suggestion;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-property",
    level: Level::Warning,
    summary: "A property is not listed in the documentation.",
    why: "Mews adds fields without notice, so this is no error. It may also be a misspelt \
          optional property, which a handler would silently miss: the listed name that it \
          resembles is shown.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "Region": "eu"}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        what: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unlisted in &subject.finds.unlisted {
        let name = subject.document.node(unlisted.name);
        findings.add(&RULE, name, |found| {
            let found = found.says("is not listed for this payload");
            let text = name.as_str().unwrap_or_default();
            let listed = subject.finds.listed(unlisted.listed);
            match suggestion::nearest(&text, listed.iter().copied()) {
                Some(listed) => found.help(format!("did you mean `{listed}`?")),
                None => found.help("Mews adds fields without notice; handlers should pass over it"),
            }
        });
    }
}
