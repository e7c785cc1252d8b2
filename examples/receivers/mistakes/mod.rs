//! Receivers that are wrong on purpose: a table of mistakes, each of which replaces one step.
//!
//! `README.md` says which of them were seen in published code.

mod events;
mod integrations;
mod requests;
mod security;
mod transport;

use super::steps::Steps;

/// A mistake.
pub struct Mistake {
    /// Its name, for `--mistake`.
    pub name: &'static str,
    /// What the receiver does.
    pub summary: &'static str,
    /// The steps of the receiver, of which one is wrong.
    pub steps: Steps,
}

/// Returns the mistake with a name, if there is one.
pub fn by_name(name: &str) -> Option<&'static Mistake> {
    MISTAKES.iter().find(|mistake| mistake.name == name)
}

macro_rules! mistakes {
    ($($name:literal $summary:literal $steps:path;)*) => {
        &[$(Mistake { name: $name, summary: $summary, steps: $steps }),*]
    };
}

/// All mistakes.
pub static MISTAKES: &[Mistake] = mistakes! {
    // Transport.
    "needs-content-type" "parses only bodies with `Content-Type: application/json`" transport::NEEDS_CONTENT_TYPE;
    "exact-content-type" "refuses bodies with `Content-Type: application/json; charset=utf-8`" transport::EXACT_CONTENT_TYPE;
    "small-limit" "refuses bodies over 100 kB, the default of a framework" transport::SMALL_LIMIT;
    "answers-after-work" "answers when everything is fetched" transport::ANSWERS_AFTER_WORK;
    "accepts-get" "takes a GET request for a delivery" transport::ACCEPTS_GET;
    "crashes-on-broken-json" "breaks the connection when a body is not JSON" transport::CRASHES_ON_BROKEN_JSON;
    "stops-on-broken-json" "handles nothing any more after a body that is not JSON" transport::STOPS_ON_BROKEN_JSON;
    "accepts-broken-json" "answers 200 to a body that is not JSON" transport::ACCEPTS_BROKEN_JSON;
    "closes-connections" "closes the connection after each answer" transport::CLOSES_CONNECTIONS;
    // What a message means.
    "first-event-only" "handles only the first event of a message" events::FIRST_EVENT_ONLY;
    "update-is-check-in" "takes every `ServiceOrderUpdated` for a check-in, and does not fetch the reservation" events::UPDATE_IS_CHECK_IN;
    "throws-on-unknown-event" "refuses a message with a discriminator that it does not know" events::THROWS_ON_UNKNOWN_EVENT;
    "throws-on-unknown-property" "refuses a payload with a property that it does not know" events::THROWS_ON_UNKNOWN_PROPERTY;
    "enterprise-in-value" "looks for `EnterpriseId` in the `Value` of an event" events::ENTERPRISE_IN_VALUE;
    "drops-repeated-body" "takes a general message that comes again for a retry, and drops it" events::DROPS_REPEATED_BODY;
    "drops-late-added" "drops `CustomerAdded` for a customer that it knows by `CustomerUpdated`" events::DROPS_LATE_ADDED;
    // Requests to the API.
    "one-by-one" "fetches ids one by one, with `Count: 1`" requests::ONE_BY_ONE;
    "unlimited-ids" "puts any number of ids into a filter, also more than 1,000" requests::UNLIMITED_IDS;
    "first-page-only" "fetches ten entities of a request, and does not follow `Cursor`" requests::FIRST_PAGE_ONLY;
    "fetches-twice" "fetches a customer for `CustomerAdded`, and again for `CustomerUpdated`" requests::FETCHES_TWICE;
    "retries-at-once" "makes a request again at once after 429" requests::RETRIES_AT_ONCE;
    "gives-up-on-429" "does not make a request again after 429" requests::GIVES_UP_ON_429;
    // The life of integrations.
    "keeps-old-key" "goes on with the old key after `IntegrationApiKeyCreated`" integrations::KEEPS_OLD_KEY;
    "ignores-disabled" "goes on with requests after `IntegrationDisabled`" integrations::IGNORES_DISABLED;
    "ignores-deleted" "fetches for late events of a deleted integration" integrations::IGNORES_DELETED;
    "mixes-enterprises" "uses the token of the last integration for all enterprises" integrations::MIXES_ENTERPRISES;
    "applies-created-again" "lets `IntegrationCreated` replace what is known, also when it comes again" integrations::APPLIES_CREATED_AGAIN;
    "drops-early-events" "drops the events that come before `IntegrationCreated`" integrations::DROPS_EARLY_EVENTS;
    // Security.
    "accepts-any-token" "requires a token in the URL, and accepts any" security::ACCEPTS_ANY_TOKEN;
    "ignores-signature" "requires a signature of POS messages, and accepts any" security::IGNORES_SIGNATURE;
    "optional-signature" "accepts POS messages without a signature" security::OPTIONAL_SIGNATURE;
    "accepts-hex-signature" "accepts a signature in hexadecimal, too" security::ACCEPTS_HEX_SIGNATURE;
    "compares-prefix" "compares as many characters of a signature as there are" security::COMPARES_PREFIX;
    "signs-parsed-body" "computes the signature of the body as parsed and written again" security::SIGNS_PARSED_BODY;
};
