//! The table of the checks: what is expected of a handler, how strongly, and by which source.
//!
//! A check is a MUST if without it deliveries or data are lost, or mixed up, or accepted from anyone, and a
//! SHOULD if its lack only costs: requests, time or clarity. Numbers are stable: a new check gets a new
//! number, at the end of its group.

use std::fmt;
use std::str::FromStr;

use super::{Checked, Session, events, lifecycle, robustness, security, state, transport};

/// A check of a handler.
pub struct ReceiverCheck {
    /// The number.
    pub number: CheckNumber,
    /// What is expected.
    pub title: &'static str,
    /// How strongly it is expected.
    pub requirement: Requirement,
    /// Where that is stated.
    pub source: &'static str,
    pub(super) run: fn(&mut Session<'_>) -> Checked,
}

impl fmt::Debug for ReceiverCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiverCheck({} {})", self.number, self.title)
    }
}

/// How strongly something is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Without it, deliveries or data are lost or mixed up, or accepted from anyone.
    Must,
    /// Its lack costs requests, time or clarity.
    Should,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
}

/// The number of a check, such as `2.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckNumber {
    /// The number of its group.
    pub group: u8,
    /// Its number in the group.
    pub item: u8,
}

impl CheckNumber {
    /// Returns the name of the group.
    pub fn group_name(self) -> &'static str {
        GROUPS[usize::from(self.group) - 1]
    }
}

impl fmt::Display for CheckNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.group, self.item))
    }
}

/// The names of the groups. The one whose checks may stop a handler comes last.
const GROUPS: [&str; 4] = ["transport", "meaning", "security", "robustness"];

const FAQ: &str = "https://docs.mews.com/connector-api/events/wh-faq (2026-08-07)";
const GENERAL: &str = "https://docs.mews.com/connector-api/events/wh-general (2026-08-07)";
const INTEGRATION: &str = "https://docs.mews.com/connector-api/events/wh-integration (2026-08-07)";
const COMMUNICATE: &str = "https://docs.mews.com/connector-api/events/communicate (2026-08-07)";
const REQUESTS: &str = "https://docs.mews.com/connector-api/guidelines/requests (2026-08-07)";
const RESPONSES: &str = "https://docs.mews.com/connector-api/guidelines/responses (2026-08-07)";
const PAGINATION: &str = "https://docs.mews.com/connector-api/guidelines/pagination (2026-08-07)";
const LIMITS: &str = "https://docs.mews.com/connector-api/guidelines/environments (2026-08-07)";
const OPERATIONS: &str = "https://docs.mews.com/connector-api/operations (2026-08-07)";
const POS: &str = "https://docs.mews.com/pos-api/events (2026-08-07)";
const RFC_9112: &str = "RFC 9112, section 9.3";
const RFC_9110: &str = "RFC 9110, section 15.5";

macro_rules! checks {
    ($($group:literal $item:literal $requirement:ident $title:literal $source:ident $run:path;)*) => {
        /// All checks, in the order of their numbers, in which they run.
        pub static CHECKS: &[ReceiverCheck] = &[$(ReceiverCheck {
            number: CheckNumber { group: $group, item: $item },
            title: $title,
            requirement: Requirement::$requirement,
            source: $source,
            run: $run,
        },)*];
    };
}

checks! {
    1 1 Must "accepts a message with 1 event within the deadline" FAQ transport::one_event;
    1 2 Must "accepts a message with 300 events within the deadline" FAQ transport::hundreds_of_events;
    1 3 Should "accepts a message with 2,000 events within the deadline" FAQ transport::thousands_of_events;
    1 4 Must "reads a body that comes without Content-Type" FAQ transport::without_content_type;
    1 5 Must "reads a body that comes with Content-Type application/json" FAQ transport::with_content_type;
    1 6 Should "accepts several deliveries over one connection" RFC_9112 transport::connection_reuse;
    1 7 Must "responds before it has fetched what a message names" FAQ transport::response_before_work;
    2 1 Must "fetches the entity of each event by the operation of the event" OPERATIONS events::own_operation;
    2 2 Must "handles all events of a message, not only the first" GENERAL events::all_events;
    2 3 Should "fetches an entity once that is added and updated" GENERAL events::added_and_updated;
    2 4 Should "fetches the entities of a message in batches" LIMITS events::batches;
    2 5 Must "reads all pages of what it fetches" PAGINATION events::pages;
    2 6 Must "requests at most 1,000 ids at a time" OPERATIONS events::id_limit;
    2 7 Must "loses nothing because of an unknown discriminator" GENERAL events::unknown_discriminator;
    2 8 Must "loses nothing because of an unknown property" GENERAL events::unknown_property;
    2 9 Must "keeps two enterprises apart" INTEGRATION state::two_enterprises;
    2 10 Must "is up to date after the same body came twice" FAQ state::repeated_body;
    2 11 Must "is up to date in whatever order messages come" COMMUNICATE state::any_order;
    2 12 Must "waits after status 429, and requests again" REQUESTS state::too_many_requests;
    2 13 Must "uses a new API key from the next request on" INTEGRATION lifecycle::new_key;
    2 14 Should "makes no requests for a disabled integration" RESPONSES lifecycle::disabled;
    2 15 Should "accepts a late event of a deleted integration, and makes no request" RESPONSES lifecycle::deleted;
    2 16 Must "finds the enterprise at the root of a message" GENERAL events::enterprise_at_root;
    2 17 Must "handles an event that comes before IntegrationCreated" FAQ lifecycle::early_event;
    2 18 Must "keeps a new API key when IntegrationCreated comes again" FAQ lifecycle::created_again;
    3 1 Must "refuses a delivery whose URL has another token" FAQ security::wrong_token;
    3 2 Must "accepts a signed delivery, whatever the layout of its JSON" POS security::signed;
    3 3 Must "refuses a signature by another secret" POS security::other_secret;
    3 4 Must "refuses a signature in hexadecimal" POS security::hexadecimal;
    3 5 Must "refuses a part of a signature" POS security::partial_signature;
    3 6 Must "refuses a signature over another body" POS security::changed_body;
    3 7 Must "refuses a delivery without signature" POS security::unsigned;
    4 1 Should "refuses GET with a status from 400 to 499" RFC_9110 robustness::get;
    4 2 Should "refuses broken JSON with a status from 400 to 499" FAQ robustness::broken_json;
    4 3 Must "accepts deliveries after GET and broken JSON" FAQ robustness::next_delivery;
}

/// Returns the checks with the numbers or of the groups that are named, in the order of the table: `2.3`,
/// `2` or `security`. All checks if nothing is named.
///
/// # Errors
/// A message that says which name is not known.
pub fn select_checks(names: &[String]) -> Result<Vec<&'static ReceiverCheck>, String> {
    let is_named = |check: &ReceiverCheck, name: &str| {
        let number = check.number;
        name.parse() == Ok(number)
            || name == number.group.to_string()
            || name.eq_ignore_ascii_case(number.group_name())
    };
    if let Some(unknown) = names
        .iter()
        .find(|name| !CHECKS.iter().any(|check| is_named(check, name)))
    {
        return Err(format!(
            "there is no check or group `{unknown}`: expected a number such as `2.3`, or one of 1 to 4, {}; \
             --list shows all checks",
            GROUPS.join(", ")
        ));
    }
    let selected = CHECKS
        .iter()
        .filter(|check| names.is_empty() || names.iter().any(|name| is_named(check, name)));
    Ok(selected.collect())
}

impl FromStr for CheckNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (group, item) = text.split_once('.').ok_or(())?;
        let number = |text: &str| text.parse().map_err(|_| ());
        Ok(Self {
            group: number(group)?,
            item: number(item)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_and_without_gaps() {
        let mut last = CheckNumber { group: 0, item: 0 };
        for check in CHECKS {
            let CheckNumber { group, item } = check.number;
            let is_next = group == last.group && item == last.item + 1;
            assert!(
                is_next || (group == last.group + 1 && item == 1),
                "{check:?}"
            );
            assert_eq!(check.number.to_string().parse(), Ok(check.number));
            last = check.number;
        }
        assert_eq!(usize::from(last.group), GROUPS.len());
    }

    #[test]
    fn checks_are_selected_by_number_or_group() {
        let select = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            let checks = select_checks(&names);
            checks.map(|checks| {
                checks
                    .iter()
                    .map(|it| it.number.to_string())
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(select(&[]).unwrap().len(), CHECKS.len());
        assert_eq!(select(&["2.10", "1.1"]).unwrap(), ["1.1", "2.10"]);
        assert_eq!(select(&["4", "4.1"]).unwrap(), ["4.1", "4.2", "4.3"]);
        assert_eq!(select(&["Robustness"]), select(&["4"]));
        for unknown in ["", "5", "1.8", "2.", "1.1.1", "all"] {
            let message = select(&[unknown]).unwrap_err();
            assert!(message.starts_with(&format!("there is no check or group `{unknown}`")));
        }
    }
}
