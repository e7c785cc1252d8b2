//! Warns of properties that only an earlier edition listed, so that handlers should not rely on them.

use crate::diagnostic::{Level, Rule, Source};

use super::older_spelling::newer_name;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "deprecated-property",
    level: Level::Warning,
    summary: "A property is documented only in an earlier edition.",
    why: "Until 2022-08-23, `Entities` contained the entities themselves. It is no longer \
          documented. Fetch the entities by the ids in `Events` instead.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}], "Entities": {}}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: Source {
        title: "Mews Connector API, General webhooks, 2021-02-09 to 2022-08-23",
        url: "https://docs.mews.com/connector-api/events/wh-general",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for property in &subject.survey.deprecated {
        if newer_name(property.name).is_none() {
            let message = "is no longer documented: only an earlier edition listed it";
            let help = "fetch the entities by the ids in `Events`";
            findings.add(&RULE, property.name, |found| {
                found.message(message).help(help)
            });
        }
    }
}
