//! Plans for people: a paragraph for each enterprise, with its requests and their bodies. Long lists of ids
//! are shortened, since the other formats have them all.

use std::io::{self, Write};

use colored::Colorize;
use serde_json::Value;

use crate::contract::Operation;
use crate::query::{EnterprisePlan, EntityGroup, PlannedRequest, RequestBody, thread_requests};
use crate::report::wrap;

use super::wording::{after, closing, entities, reason, requests, time_note};
use super::{ACCESS_TOKEN, METHOD, PlanContent, PlanFormat};

pub(super) static FORMAT: PlanFormat = PlanFormat {
    name: "human",
    about: "Text for people, with the first ids of each request",
    write,
};

/// The maximum number of ids of a request that are printed.
const MAX_IDS: usize = 3;

/// The indentation of what belongs to a request.
const INDENT: &str = "     ";

fn write(mut out: &mut dyn Write, content: &PlanContent<'_>) -> io::Result<()> {
    let plan = content.plan;
    let max_width = content.style.max_width();
    let mut writer = PlanWriter {
        out: &mut out,
        max_width,
        is_shortened: false,
    };
    for enterprise in &plan.enterprises {
        writer.write_enterprise(enterprise)?;
        writeln!(writer.out)?;
    }
    let is_shortened = writer.is_shortened;
    wrap::write(&mut out, max_width, "", &closing(plan, content.totals))?;
    if let Some(note) = time_note(plan) {
        wrap::write(&mut out, max_width, "", &note)?;
    }
    if is_shortened {
        let note =
            "Lists of ids are shortened: `--format ndjson` and `--format http` have all ids.";
        wrap::write(&mut out, max_width, "", note)?;
    }
    Ok(())
}

/// Writes the requests of enterprises.
struct PlanWriter<'w, W> {
    out: &'w mut W,
    max_width: Option<usize>,
    /// Whether ids were left out.
    is_shortened: bool,
}

impl<W: Write> PlanWriter<'_, W> {
    fn write_enterprise(&mut self, plan: &EnterprisePlan) -> io::Result<()> {
        let id = plan.enterprise.hyphenated().to_string().bold();
        let requests = requests(plan.request_count(), plan.min_duration());
        self.line("", &format!("enterprise {id}: {requests}"))?;
        plan.requests().try_for_each(|it| self.request(it))?;
        plan.unfetched().try_for_each(|it| self.unfetched(plan, it))
    }

    fn request(&mut self, request: PlannedRequest<'_>) -> io::Result<()> {
        let PlannedRequest {
            number, operation, ..
        } = request;
        let mut address = operation.path();
        if !request.earliest().is_zero() {
            address = format!("{address} {}", after(request.earliest()));
        }
        self.line(&format!("{number:>3}. {METHOD} "), &address)?;
        let entities = entities(operation.entity, request.entities, request.events());
        self.line(INDENT, &entities)?;
        self.body(&request.body(ACCESS_TOKEN))
    }

    fn unfetched(&mut self, plan: &EnterprisePlan, group: &EntityGroup) -> io::Result<()> {
        let entities = entities(group.operation.entity, &group.entities, group.events());
        let title = format!("no request for {entities}, since {}", reason(group));
        self.line("  ", &title)?;
        let ids = group.entities.iter();
        let ids = ids.map(|entity| entity.id.hyphenated().to_string());
        let ids = self.shorten(&ids.collect::<Vec<_>>());
        self.line(INDENT, &ids)?;
        let requests = thread_requests(plan.enterprise, group, ACCESS_TOKEN);
        for (label, (operation, body)) in ["first", "then"].into_iter().zip(requests) {
            self.instead(label, operation, &body)?;
        }
        Ok(())
    }

    fn instead(
        &mut self,
        label: &str,
        operation: &Operation,
        body: &RequestBody,
    ) -> io::Result<()> {
        let label = format!("{INDENT}{label} {METHOD} ");
        self.line(&label, &operation.path())?;
        self.body(body)
    }

    fn body(&mut self, body: &RequestBody) -> io::Result<()> {
        let members = body.iter();
        let members = members.map(|(name, value)| format!("\"{name}\": {}", self.value(value)));
        let members = members.collect::<Vec<_>>().join(", ");
        self.line(INDENT, &format!("{{{members}}}"))
    }

    /// Returns JSON text on one line, with spaces where a line may break.
    fn value(&mut self, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(Value::to_string);
                let items = items.collect::<Vec<_>>();
                format!("[{}]", self.shorten(&items))
            }
            Value::Object(members) => {
                let members = members.iter();
                let members = members.map(|(name, value)| format!("\"{name}\": {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            value => value.to_string(),
        }
    }

    /// Joins the first items of a list, and says how many more there are.
    fn shorten(&mut self, items: &[String]) -> String {
        let more = items.len().saturating_sub(MAX_IDS);
        if more == 0 {
            return items.join(", ");
        }
        self.is_shortened = true;
        let first = items[..MAX_IDS].join(", ");
        format!("{first}, and {more} more")
    }

    fn line(&mut self, prefix: &str, text: &str) -> io::Result<()> {
        wrap::write(self.out, self.max_width, prefix, text)
    }
}
