//! Takes from a payload what its story needs.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::capture::FoundPayload;
use crate::checks::{EntitySummary, Summary};
use crate::contract::{Kind, parse_uuid};
use crate::document::{Document, Node, Position};
use crate::query::PayloadTime;
use crate::secrets::Masking;
use crate::steps;

use super::{LifecycleStep, TimelineCounts, TokenHash};

/// The maximum number of characters of a text that is kept.
const MAX_LENGTH: usize = 200;

/// The items of the payloads of a chunk, and the number of those that are in no story.
#[derive(Debug, Default)]
pub struct TimelineItems {
    pub(super) items: Vec<TimelineItem>,
    pub(super) counts: TimelineCounts,
}

/// What the story of an integration needs of a payload.
#[derive(Debug)]
pub struct TimelineItem {
    pub(super) story: StoryKey,
    pub(super) body: BodyHash,
    pub(super) time: Option<PayloadTime>,
    pub(super) start: Position,
    pub(super) enterprise: Option<EntityKey>,
    pub(super) content: ItemContent,
}

/// The content of a payload.
#[derive(Debug)]
pub(super) enum ItemContent {
    Event(Box<EventFacts>),
    Message { events: u32 },
}

/// A hash of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BodyHash(pub(super) u64);

/// What payloads of one story agree in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum StoryKey {
    /// The id of the integration.
    Id(EntityKey),
    /// Its name, if there is no id.
    Name(Box<str>),
    /// The enterprise, if there is neither.
    Enterprise(EntityKey),
    /// Nothing, since the payload names nothing.
    Nothing,
}

/// An id, valid or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum EntityKey {
    Valid(Uuid),
    Invalid(Box<str>),
}

/// What an integration event says.
#[derive(Debug)]
pub(super) struct EventFacts {
    pub(super) action: Option<Cow<'static, str>>,
    pub(super) step: Option<LifecycleStep>,
    pub(super) integration_name: Option<Box<str>>,
    pub(super) enterprise_name: Option<Box<str>>,
    pub(super) service_id: Option<Box<str>>,
    pub(super) service_name: Option<Box<str>>,
    pub(super) token: Option<TokenHash>,
}

impl TimelineItems {
    /// Adds a payload. `kind` is its kind, and `document` its content, where these are known.
    pub fn add(
        &mut self,
        found: &FoundPayload<'_>,
        kind: Option<Kind>,
        document: Option<&Document<'_>>,
        masking: Masking,
    ) {
        let counts = &mut self.counts;
        let (kind, document) = match (kind, document) {
            (_, None) => return counts.broken += 1,
            (None, Some(_)) => return counts.unknown += 1,
            (Some(kind), Some(document)) => (kind, document),
        };
        let summary = Summary::of(kind, document, masking);
        let content = match kind {
            Kind::Integration | Kind::Integration2019 => {
                counts.integration_events += 1;
                ItemContent::Event(Box::new(EventFacts::of(&summary, document)))
            }
            Kind::General => {
                counts.messages += 1;
                let events = summary.events.iter().count();
                let events = u32::try_from(events).unwrap_or(u32::MAX);
                ItemContent::Message { events }
            }
            kind => {
                *counts.other_kinds.entry(kind).or_default() += 1;
                return;
            }
        };
        let id = |entity: &Option<EntitySummary<'_>>| EntityKey::of(entity.as_ref()?);
        let enterprise = id(&summary.enterprise);
        self.items.push(TimelineItem {
            story: StoryKey::of(&summary, enterprise.as_ref()),
            body: BodyHash::of(found.text.text),
            time: PayloadTime::of(found.delivery().as_ref(), &summary),
            start: found.text.start,
            enterprise,
            content,
        });
    }
}

impl StoryKey {
    fn of(summary: &Summary<'_>, enterprise: Option<&EntityKey>) -> Self {
        let integration = summary.integration.as_ref();
        let id = integration.and_then(EntityKey::of);
        let name = integration.and_then(|integration| kept(integration.name.as_deref()));
        match (id, name, enterprise) {
            (Some(id), _, _) => Self::Id(id),
            (None, Some(name), _) => Self::Name(name),
            (None, None, Some(enterprise)) => Self::Enterprise(enterprise.clone()),
            (None, None, None) => Self::Nothing,
        }
    }
}

impl EntityKey {
    fn of(entity: &EntitySummary<'_>) -> Option<Self> {
        let id = entity.id.as_deref()?;
        match parse_uuid(id.as_bytes()) {
            Some(id) => Some(Self::Valid(id)),
            None => kept(Some(id)).map(Self::Invalid),
        }
    }

    /// Returns the id as reports show it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Valid(id) => id.hyphenated().to_string(),
            Self::Invalid(text) => text.clone().into_string(),
        }
    }
}

impl EventFacts {
    fn of(summary: &Summary<'_>, document: &Document<'_>) -> Self {
        let action = summary.action.as_deref();
        let step = action.and_then(LifecycleStep::of_action);
        let name = |entity: &Option<EntitySummary<'_>>| kept(entity.as_ref()?.name.as_deref());
        let action = match step {
            Some(step) => Some(step.into()),
            None => kept(action).map(|action| Cow::Owned(action.into_string())),
        };
        // The summary only says that there is a token.
        let token = document.root().at(&["Data", "AccessToken"]);
        let token = token.and_then(Node::as_str);
        let service = summary.service.as_ref().and_then(EntityKey::of);
        Self {
            action,
            step,
            integration_name: name(&summary.integration),
            enterprise_name: name(&summary.enterprise),
            service_id: service.map(|id| id.text().into()),
            service_name: name(&summary.service),
            token: token.map(|token| TokenHash::of(&token)),
        }
    }
}

impl BodyHash {
    fn of(body: &[u8]) -> Self {
        Self(u64::from_be_bytes(hash(b"mewshook timeline body\0", body)))
    }
}

impl TokenHash {
    fn of(token: &str) -> Self {
        Self(hash(b"mewshook timeline token\0", token.as_bytes()))
    }
}

/// Returns the first 8 bytes of the SHA-256 of a text after the name of its domain, so that hashes of
/// one domain say nothing about those of another one.
fn hash(domain: &[u8], text: &[u8]) -> [u8; 8] {
    steps::add(text.len());
    let mut hasher = Sha256::new();
    hasher.update(domain);
    hasher.update(text);
    let hash: [u8; 32] = hasher.finalize().into();
    let mut start = [0; 8];
    start.copy_from_slice(&hash[..8]);
    start
}

/// Returns the text that is kept: at most its first 200 characters, and `None` for an empty text. So
/// memory does not grow with the length of names.
fn kept(text: Option<&str>) -> Option<Box<str>> {
    let text = text.filter(|text| !text.is_empty())?;
    let kept = match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]).into_boxed_str(),
        None => text.into(),
    };
    Some(kept)
}
