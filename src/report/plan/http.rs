//! Plans for the HTTP clients of editors: a `.http` file with all requests.
//!
//! What only the user knows is a variable, `{{name}}`, so the file contains no secret. Names of variables
//! have letters, digits and hyphens, which all of these clients accept.

use std::io::{self, Write};

use uuid::Uuid;

use crate::contract::Operation;
use crate::query::{EnterprisePlan, Plan, RequestBody, thread_requests};

use super::wording::{after, entities, reason, requests, time_note};
use super::{ACCESS_TOKEN, METHOD, PlanContent, PlanFormat};

pub(super) static FORMAT: PlanFormat = PlanFormat {
    name: "http",
    about: "A .http file, which editors run",
    write,
};

fn write(out: &mut dyn Write, content: &PlanContent<'_>) -> io::Result<()> {
    write_head(out, content.plan)?;
    for enterprise in &content.plan.enterprises {
        write_requests(out, enterprise)?;
    }
    Ok(())
}

/// Writes what the file contains, and which variables it needs.
fn write_head(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let requests = requests(plan.request_count(), plan.min_duration());
    writeln!(out, "# Mews Connector API: {requests}.")?;
    if let Some(note) = time_note(plan) {
        writeln!(out, "# {note}")?;
    }
    if plan.enterprises.is_empty() {
        return Ok(());
    }
    writeln!(out, "#")?;
    writeln!(
        out,
        "# Variables, to be defined in an environment of the editor:"
    )?;
    let address = "https://api.mews.com, or https://api.mews-demo.com for demo enterprises";
    let mut variables = vec![
        ("platformAddress".to_owned(), address.to_owned()),
        ("clientToken".into(), "the token of your application".into()),
        (
            "client".into(),
            "the name and version of your application".into(),
        ),
    ];
    let tokens = plan.enterprises.iter().map(|plan| {
        let id = plan.enterprise;
        (
            access_token(id),
            format!("the access token of enterprise {id}"),
        )
    });
    variables.extend(tokens);
    if plan
        .enterprises
        .iter()
        .any(|plan| plan.unfetched().next().is_some())
    {
        let interval = "an interval of at most three months in which threads changed";
        variables.push(("startUtc and endUtc".into(), interval.into()));
        let thread = "the id of such a thread";
        variables.push(("messageThreadId".into(), thread.into()));
    }
    for (name, meaning) in variables {
        writeln!(out, "# - {name}: {meaning}")?;
    }
    Ok(())
}

fn write_requests(out: &mut dyn Write, plan: &EnterprisePlan) -> io::Result<()> {
    let enterprise = plan.enterprise;
    let access_token = access_token(enterprise);
    for request in plan.requests() {
        let entities = entities(request.operation.entity, request.entities, request.events());
        let number = request.number;
        let mut title = format!("Request {number}: {entities}, enterprise {enterprise}");
        if !request.earliest().is_zero() {
            title = format!("{title}, {}", after(request.earliest()));
        }
        let body = request.body(&access_token);
        write_request(out, &title, None, request.operation, &body)?;
    }
    for group in plan.unfetched() {
        let entities = entities(group.operation.entity, &group.entities, group.events());
        let requests = thread_requests(enterprise, group, &access_token);
        for (number, (operation, body)) in (1..).zip(requests) {
            let title = format!("To find {entities}, enterprise {enterprise}, step {number}");
            write_request(out, &title, Some(reason(group)), operation, &body)?;
        }
    }
    Ok(())
}

fn write_request(
    out: &mut dyn Write,
    title: &str,
    comment: Option<&str>,
    operation: &Operation,
    body: &RequestBody,
) -> io::Result<()> {
    let path = operation.path();
    writeln!(out, "\n### {title}")?;
    if let Some(comment) = comment {
        writeln!(out, "# {comment}")?;
    }
    writeln!(out, "{METHOD} {{{{platformAddress}}}}{path}")?;
    writeln!(out, "Content-Type: application/json\n")?;
    serde_json::to_writer_pretty(&mut *out, body)?;
    writeln!(out)
}

/// Returns the name of the variable for the access token of an enterprise.
fn access_token(enterprise: Uuid) -> String {
    format!("{ACCESS_TOKEN}-{}", enterprise.hyphenated())
}
