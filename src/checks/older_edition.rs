//! Warns of integration events that are valid only in the 2019 layout.

use crate::contract::Survey;
use crate::diagnostic::{self, About, Level, Rule, Severity, Source};
use crate::document::PayloadText;
use crate::secrets::Masking;

use super::{Findings, Policy, Subject, schema};

pub(super) static RULE: Rule = Rule {
    code: "older-edition",
    level: Level::Warning,
    summary: "An integration event is valid in the 2019 layout, but not in the current one.",
    why: "In the 2019 layout, the first one published, nearly every property is optional. An \
          event is treated as an older capture if it has one of the three actions of that \
          layout, lacks required properties of `Data`, has no property that only the current \
          layout lists, and follows the older rules. If it is meant to be current, add the \
          missing properties; `--kind integration` reports each as an error.",
    before: r#"{"Action": "IntegrationCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationCreated", "Data": {"Enterprise": {"Id": "8865aa96-f62d-4f9b-a912-ab2100f60f42", "Name": "Sample Chain Hotel 1"}, "AccessToken": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF", "CreatedUtc": "2019-12-13T14:42:52Z", "IsEnabled": true, "Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}}}"#,
    source: Source {
        title: "Mews Connector API, Webhooks, as of 2019-11-05 (gitbook-connector-api bd6e7f5)",
        url: "https://github.com/MewsSystems/gitbook-connector-api/tree/bd6e7f5",
    },
};

/// The number of differences that the message names.
const SHOWN: usize = 5;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(current_kind) = subject.current_kind else {
        return;
    };
    let document = subject.document;
    findings.add(&RULE, document.root(), |found| {
        let policy = Policy::default();
        let mut all = Findings::new(&policy, SHOWN);
        schema::add_errors(current_kind, document, &Survey::default(), &mut all);
        let more = match all.counts().total().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let (first, severity) = (all.into_first(SHOWN), |_| Severity::Error);
        let source = PayloadText::from(document.text());
        let first = diagnostic::resolve(document, &source, first, severity, Masking::On);
        let first = first.into_iter().map(|found| found.message);
        let first = first.collect::<Vec<_>>().join("; ");
        found
            .about(About::Nothing)
            .message(format!(
                "the payload is valid only in the 2019 layout; in the current layout, {first}{more}"
            ))
            .help("use `--kind integration` to check it against the current layout only")
    });
}
