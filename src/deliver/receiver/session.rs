//! What the checks share: they make up hotels and messages, send them, wait for the requests that the
//! handler makes, and keep what they have seen.

use std::collections::HashSet;
use std::time::Instant;

use ureq::http::Method;

use crate::contract::Event;
use crate::deliver::api::{ApiCall, FakeApi, RateLimit, TokenUse};
use crate::deliver::{Client, Target};
use crate::report::grouped;

use super::evidence::{Evidence, Reaction, fail, not_observable, parts};
use super::hotel::{Hotel, Message, Named};
use super::{Checked, Outcome, Probe, ReceiverOptions};

/// The maximum number of pieces of evidence that are kept.
const MAX_EVIDENCE: usize = 60;

pub(super) struct Session<'r> {
    pub(super) options: &'r ReceiverOptions,
    client: &'r Client,
    api: Option<&'r FakeApi>,
    pub(super) probe: Probe,
    /// The number of the next made-up payload.
    number: u64,
    /// The number of the first call that may belong to the session.
    start: usize,
    /// The names of the tokens, and the ids of the entities, that were made up.
    pub(super) made_up: HashSet<String>,
    /// What was sent, each with the number of calls before.
    sent: Vec<(usize, Evidence)>,
}

/// A request to a handler.
pub(super) struct Delivery<'d> {
    pub(super) what: String,
    pub(super) method: Method,
    pub(super) target: &'d Target,
    pub(super) content_type: Option<&'d str>,
    pub(super) headers: Vec<(&'d str, &'d str)>,
    pub(super) body: &'d [u8],
}

impl<'r> Session<'r> {
    /// Creates a session. `number` decides, with the seed, what is made up.
    pub(super) fn new(
        options: &'r ReceiverOptions,
        client: &'r Client,
        api: Option<&'r FakeApi>,
        probe: Probe,
        number: u64,
    ) -> Self {
        Self {
            options,
            client,
            api,
            probe,
            number,
            start: api.map_or(0, FakeApi::call_count),
            made_up: HashSet::new(),
            sent: Vec::new(),
        }
    }

    /// Returns numbers for made-up payloads.
    pub(super) fn next_number(&mut self) -> u64 {
        // A message uses one for each of its parts.
        self.number += 100;
        self.number
    }

    /// Makes up a hotel, whose token the API knows.
    pub(super) fn new_hotel(&mut self) -> Hotel {
        self.limited_hotel(RateLimit::DOCUMENTED)
    }

    fn limited_hotel(&mut self, limit: RateLimit) -> Hotel {
        let number = self.next_number();
        let hotel = Hotel::new(self.options.seed, number);
        if let Some(api) = self.api {
            api.add_token(&hotel.token, &hotel.enterprise, &hotel.label, limit);
        }
        self.made_up.insert(hotel.label.clone());
        hotel
    }

    /// Makes up a hotel and delivers that its integration was created.
    pub(super) fn hotel(&mut self) -> Checked<Hotel> {
        let hotel = self.new_hotel();
        self.create(&hotel)?;
        Ok(hotel)
    }

    /// Makes up a hotel whose token may be used for any number of requests.
    pub(super) fn unlimited_hotel(&mut self) -> Checked<Hotel> {
        let hotel = self.limited_hotel(RateLimit::NONE);
        self.create(&hotel)?;
        Ok(hotel)
    }

    fn create(&mut self, hotel: &Hotel) -> Checked {
        let reaction = self.deliver(&hotel.describe("IntegrationCreated"), &hotel.created_body());
        set_up(&reaction)
    }

    /// Makes up a message with entities that the API has.
    pub(super) fn message(&mut self, hotel: &Hotel, parts: &[(&'static Event, usize)]) -> Message {
        let number = self.next_number();
        let message = hotel.message(parts, self.options.seed, number);
        self.made_up.extend(message.ids());
        if let Some(api) = self.api {
            for Named { event, id } in &message.entities {
                if let Some(fetch) = event.fetch {
                    api.add_entity(fetch.operation, &hotel.enterprise, id);
                }
            }
        }
        message
    }

    /// Delivers an integration event.
    pub(super) fn deliver_action(&mut self, hotel: &Hotel, action: &str) -> Reaction {
        let number = self.next_number();
        let payload = hotel.integration_event(action, self.options.seed, number);
        self.deliver(&hotel.describe(action), payload.to_string().as_bytes())
    }

    /// Delivers a message.
    pub(super) fn deliver_message(&mut self, message: &Message) -> Reaction {
        self.deliver(&message.describe(), &message.body())
    }

    /// Delivers a body in the way that the handler accepts.
    pub(super) fn deliver(&mut self, what: &str, body: &[u8]) -> Reaction {
        let options = self.options;
        let delivery = Delivery {
            what: what.to_owned(),
            method: Method::POST,
            target: &options.target,
            content_type: self.probe.content_type,
            headers: Vec::new(),
            body,
        };
        self.send(delivery)
    }

    /// Sends a request to the handler.
    pub(super) fn send(&mut self, delivery: Delivery<'_>) -> Reaction {
        let Delivery {
            what,
            method,
            target,
            content_type,
            mut headers,
            body,
        } = delivery;
        headers.extend(content_type.map(|content_type| ("Content-Type", content_type)));
        let calls = self.call_count();
        let start = Instant::now();
        let result = self.client.send(&method, target, &headers, body);
        let own = &self.options.target;
        let has_secrets = own.to_string() != own.expose();
        let hidden = if has_secrets {
            parts(target)
        } else {
            Vec::new()
        };
        let reaction = Reaction::new(result, start.elapsed(), &hidden);
        let sent = Evidence::Sent {
            what,
            bytes: body.len(),
            content_type: content_type.map(str::to_owned),
            reaction: reaction.clone(),
        };
        self.keep(calls, sent);
        reaction
    }

    /// Keeps what was sent when there had been a number of calls.
    pub(super) fn keep(&mut self, calls: usize, sent: Evidence) {
        self.sent.push((calls, sent));
    }

    /// Returns the number of calls of the handler so far.
    pub(super) fn call_count(&self) -> usize {
        self.api.map_or(0, FakeApi::call_count)
    }

    /// Returns the API, if there is one.
    pub(super) fn api(&self) -> Checked<&'r FakeApi> {
        let reason = "needs --fake-api: the requests to it show what the handler does";
        self.api.ok_or_else(|| not_observable(reason))
    }

    /// Returns the API, and an event whose entities the handler is known to fetch.
    pub(super) fn observed(&self) -> Checked<(&'r FakeApi, &'static Event)> {
        let api = self.api()?;
        let observed = &self.probe.observed;
        // An event whose entity is requested by its own id shows most.
        let by_id = observed.iter().find(|event| takes_ids(event));
        match by_id.or(observed.first()) {
            Some(event) => Ok((api, *event)),
            None => Err(not_observable(
                "the handler made no request to the fake API: does it use its address, and does it handle the \
                 events (--event)?",
            )),
        }
    }

    /// Returns the API, and an event whose entity the handler requests by its own id.
    pub(super) fn observed_by_id(&self) -> Checked<(&'r FakeApi, &'static Event)> {
        let (api, event) = self.observed()?;
        if takes_ids(event) {
            Ok((api, event))
        } else {
            let name = event.name;
            Err(not_observable(format!(
                "the handler fetches the entities of {name} only, which are not requested by their ids"
            )))
        }
    }

    /// Waits until the entities are requested, by calls from a number on. Returns those that are not.
    pub(super) fn missing(&self, start: usize, entities: &[Named]) -> Vec<Named> {
        let Some(api) = self.api else {
            return Vec::new();
        };
        let mut left: HashSet<&str> = entities.iter().map(|entity| &*entity.id).collect();
        // The number of calls that won't change any more.
        let mut ended = 0;
        api.wait(start, self.options.settle, |calls| {
            for call in &calls[ended..] {
                requested(call).for_each(|id| {
                    left.remove(id);
                });
            }
            let has_ended = |call: &&ApiCall| call.answered.is_some();
            ended += calls[ended..].iter().take_while(has_ended).count();
            left.is_empty()
        });
        let missing = entities.iter().filter(|it| left.contains(&*it.id));
        missing.cloned().collect()
    }

    /// Delivers two more messages of a hotel, one after the other, and waits until their entities are
    /// requested. By then, a handler that works in order, or on two things at a time, has made the requests
    /// for what came before. Returns whether they were requested.
    pub(super) fn marker(&mut self, hotel: &Hotel, event: &'static Event) -> bool {
        (0..2).all(|_| {
            let start = self.call_count();
            let message = self.message(hotel, &[(event, 1)]);
            self.deliver_message(&message).is_accepted()
                && self.missing(start, &message.entities).is_empty()
        })
    }

    /// Delivers a message that the handler must be able to handle before the check makes sense.
    pub(super) fn control(&mut self, message: &Message) -> Checked {
        let start = self.call_count();
        set_up(&self.deliver_message(message))?;
        let missing = self.missing(start, &message.entities);
        if missing.is_empty() {
            return Ok(());
        }
        Err(not_observable(format!(
            "even without what is tested, {}: see 2.1 and 2.2",
            not_requested(&missing, message.entities.len())
        )))
    }

    /// Returns what was seen, in order, and the number of what is left out.
    pub(super) fn into_evidence(self) -> (Vec<Evidence>, usize) {
        // A handler may still make requests for what came before the session.
        let is_own = |call: &ApiCall| {
            let is_made_up = match &call.token {
                TokenUse::Known(label) => self.made_up.contains(label),
                _ => true,
            };
            is_made_up || requested(call).any(|id| self.made_up.contains(id))
        };
        let calls = self.api.map(|api| api.calls_since(self.start));
        let calls = calls.unwrap_or_default().into_iter().enumerate();
        let mut sent = self.sent.into_iter().peekable();
        let mut evidence = Vec::new();
        for (number, call) in calls.filter(|(_, call)| is_own(call)) {
            while let Some((_, sent)) = sent.next_if(|(calls, _)| *calls <= self.start + number) {
                evidence.push(sent);
            }
            evidence.push(Evidence::Call(call));
        }
        evidence.extend(sent.map(|(_, sent)| sent));
        let omitted = evidence.len().saturating_sub(MAX_EVIDENCE);
        evidence.truncate(MAX_EVIDENCE);
        (evidence, omitted)
    }
}

/// Returns the ids that a call is about.
fn requested(call: &ApiCall) -> impl Iterator<Item = &str> {
    let returned = call.returned.iter().map(|entity| &*entity.id);
    call.ids.iter().map(String::as_str).chain(returned)
}

fn takes_ids(event: &Event) -> bool {
    event
        .fetch
        .is_some_and(|fetch| fetch.operation.takes_entity_ids)
}

/// Returns an error if a delivery that prepares a check was not accepted.
fn set_up(reaction: &Reaction) -> Checked {
    if reaction.is_accepted() {
        return Ok(());
    }
    let reaction = reaction.describe();
    Err(not_observable(format!(
        "a delivery that prepares the check was not accepted: {reaction}"
    )))
}

/// Returns an error if a delivery was not accepted.
pub(super) fn accepted(reaction: &Reaction, what: &str) -> Checked {
    if reaction.is_accepted() {
        return Ok(());
    }
    Err(fail(format!(
        "{what}: {}, expected a status from 200 to 299",
        reaction.describe()
    )))
}

/// Turns an error of the preparation into a failure, for checks in which all deliveries must be accepted.
pub(super) fn must_prepare<T>(prepared: Checked<T>) -> Checked<T> {
    prepared.map_err(|outcome| match outcome {
        Outcome::NotObservable(reason) => Outcome::Fail(reason),
        outcome => outcome,
    })
}

/// Describes entities that were not requested: `2 of 21 entities were not requested (CustomerAdded)`.
pub(super) fn not_requested(missing: &[Named], count: usize) -> String {
    let mut names: Vec<&str> = missing.iter().map(|entity| entity.event.name).collect();
    names.dedup();
    let missing = grouped(missing.len());
    let verb = if missing == "1" { "was" } else { "were" };
    let noun = if count == 1 { "entity" } else { "entities" };
    format!(
        "{missing} of {} {noun} {verb} not requested ({})",
        grouped(count),
        names.join(", ")
    )
}
