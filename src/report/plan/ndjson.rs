//! Plans for programs: a JSON object for each request, on a line of its own. Entities that no request can
//! fetch have a line without a request.

use std::io::{self, Write};

use serde::Serialize;
use uuid::Uuid;

use crate::contract::{MAX_IDS, Operation};
use crate::query::{
    EnterprisePlan, EntityGroup, PlannedEntity, PlannedRequest, RequestBody, thread_requests,
};
use crate::report::escape::write_json;
use crate::report::object::VERSION;

use super::wording::reason;
use super::{ACCESS_TOKEN, METHOD, PlanContent, PlanFormat};

pub(super) static FORMAT: PlanFormat = PlanFormat {
    name: "ndjson",
    about: "A line of JSON for each request",
    write,
};

fn write(out: &mut dyn Write, content: &PlanContent<'_>) -> io::Result<()> {
    for enterprise in &content.plan.enterprises {
        for request in enterprise.requests() {
            write_line(out, &RequestObject::from(request))?;
        }
        for group in enterprise.unfetched() {
            for entities in group.entities.chunks(MAX_IDS) {
                write_line(out, &UnfetchedObject::new(enterprise, group, entities))?;
            }
        }
    }
    Ok(())
}

fn write_line(out: &mut dyn Write, object: &impl Serialize) -> io::Result<()> {
    write_json(out, object)?;
    out.write_all(b"\n")
}

/// A request as it is serialized.
#[derive(Serialize)]
struct RequestObject {
    version: u32,
    enterprise: String,
    request: u64,
    operation: &'static str,
    discriminators: Vec<&'static str>,
    ids: usize,
    earliest_seconds: u64,
    method: &'static str,
    path: String,
    body: RequestBody,
}

/// Entities that no request can be made for, as they are serialized. The first properties are those of a
/// request.
#[derive(Serialize)]
struct UnfetchedObject {
    version: u32,
    enterprise: String,
    request: Option<u64>,
    operation: &'static str,
    discriminators: Vec<&'static str>,
    ids: usize,
    reason: &'static str,
    entity_ids: Vec<String>,
    instead: Vec<InsteadObject>,
}

#[derive(Serialize)]
struct InsteadObject {
    operation: &'static str,
    method: &'static str,
    path: String,
    body: RequestBody,
}

impl From<PlannedRequest<'_>> for RequestObject {
    fn from(request: PlannedRequest<'_>) -> Self {
        Self {
            version: VERSION,
            enterprise: text(request.enterprise),
            request: request.number,
            operation: request.operation.name,
            discriminators: request.events().collect(),
            ids: request.entities.len(),
            earliest_seconds: request.earliest().as_secs(),
            method: METHOD,
            path: request.operation.path(),
            body: request.body(ACCESS_TOKEN),
        }
    }
}

impl UnfetchedObject {
    fn new(plan: &EnterprisePlan, group: &EntityGroup, entities: &[PlannedEntity]) -> Self {
        let instead = thread_requests(plan.enterprise, group, ACCESS_TOKEN);
        Self {
            version: VERSION,
            enterprise: text(plan.enterprise),
            request: None,
            operation: group.operation.name,
            discriminators: group.events().collect(),
            ids: entities.len(),
            reason: reason(group),
            entity_ids: entities.iter().map(|entity| text(entity.id)).collect(),
            instead: instead.into_iter().map(InsteadObject::from).collect(),
        }
    }
}

impl From<(&'static Operation, RequestBody)> for InsteadObject {
    fn from((operation, body): (&'static Operation, RequestBody)) -> Self {
        Self {
            operation: operation.name,
            method: METHOD,
            path: operation.path(),
            body,
        }
    }
}

fn text(id: Uuid) -> String {
    id.hyphenated().to_string()
}
