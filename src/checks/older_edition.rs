//! Integration events that are valid by the layout of 2019 only.

use crate::diagnostic::{About, Finding, Level, Rule, Source, messages};

use super::Subject;

pub(super) static RULE: Rule = Rule {
    code: "older-edition",
    level: Level::Warning,
    summary: "An integration event is valid in the layout of 2019, but not in the current one.",
    why: "The first published layout left nearly everything optional. An event of one of its three \
          actions that lacks properties of `Data`, has none that only the current layout lists, and \
          follows the older rules is treated as an older capture. If it is meant to be current, add \
          what is listed; `--kind integration` reports each as an error.",
    before: r#"{"Action": "IntegrationCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationCreated", "Data": {"Enterprise": {"Id": "8865aa96-f62d-4f9b-a912-ab2100f60f42", "Name": "Sample Chain Hotel 1"}, "AccessToken": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF", "CreatedUtc": "2019-12-13T14:42:52Z", "IsEnabled": true, "Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}}}"#,
    source: Source {
        what: "Mews Connector API, Webhooks, as of 2019-11-05 (gitbook-connector-api bd6e7f5)",
        url: "https://github.com/MewsSystems/gitbook-connector-api/tree/bd6e7f5",
    },
};

/// How many of the differences are named.
const SHOWN: usize = 5;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if subject.missed.is_empty() {
        return;
    }
    let missed = messages(subject.document, &subject.missed);
    let more = match missed.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let missed = missed
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    let says = format!(
        "the payload is valid only in the layout of 2019; in the current one {missed}{more}"
    );
    let finding = Finding::new(&RULE, subject.document.root(), says)
        .about(About::Nothing)
        .help("`--kind integration` checks it against the current layout alone");
    findings.push(finding);
}
