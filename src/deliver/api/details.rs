//! The properties of made-up entities: those that the documentation says are required, with the same
//! values for the same id.
//!
//! Source: the tables of the responses in `connector-api/operations/`, 2026-08-07.

use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use crate::contract::Operation;

/// A time that no test depends on.
const TIME: &str = "2026-01-01T12:00:00Z";

/// Returns the properties of an entity. `Id`, the enterprise, the state and the times of creation and
/// change are to be set where they are listed.
pub(super) fn made_up(operation: &Operation, id: &str, version: u64) -> Value {
    let other = |name: &str| derived_id(id, name);
    let number = format!("{:06}", hash(id, "number") % 1_000_000);
    match operation.name {
        "reservations/getAll/2023-06-06" => json!({
            "Id": null, "CreatedUtc": null, "UpdatedUtc": null,
            "ServiceId": other("service"),
            "AccountId": other("account"), "AccountType": "Customer",
            "CreatorProfileId": other("creator"), "UpdaterProfileId": other("updater"),
            "Number": number,
            "State": by_version(version, &["Confirmed", "Started", "Processed"]),
            "Origin": "Connector",
            "Options": {
                "OwnerCheckedIn": false, "AllCompanionsCheckedIn": false,
                "AnyCompanionCheckedIn": false, "ConnectorCheckIn": false
            },
            "RateId": other("rate"), "GroupId": other("group"),
            "RequestedResourceCategoryId": other("category"),
            "AssignedResourceLocked": false,
            "ScheduledStartUtc": TIME, "ScheduledEndUtc": TIME, "StartUtc": TIME, "EndUtc": TIME,
            "PersonCounts": [{ "AgeCategoryId": other("age"), "Count": 1 }],
        }),
        "resources/getAll" => json!({
            "Id": null, "EnterpriseId": null, "IsActive": null, "CreatedUtc": null, "UpdatedUtc": null,
            "Name": number,
            "State": by_version(version, &["Dirty", "Clean", "Inspected"]),
            "Descriptions": {}, "ExternalNames": {}, "Directions": {},
            "Data": { "Discriminator": "Space", "Value": { "FloorNumber": "1" } },
        }),
        "messages/getAll" => json!({
            "Id": null, "CreatedUtc": null,
            "MessageThreadId": thread_id(id),
            "Text": format!("Made-up message {number}, version {version}"),
            "Sender": { "Discriminator": "Enterprise", "Value": null },
        }),
        "messageThreads/getAll" => json!({
            "Id": null, "CreatedUtc": null, "UpdatedUtc": null,
            "OriginalSender": "Robin Example",
            "Subject": format!("Made-up thread {number}"),
            "IsResolved": false,
        }),
        "resourceBlocks/getAll" => json!({
            "Id": null, "EnterpriseId": null, "IsActive": null, "CreatedUtc": null, "UpdatedUtc": null,
            "AssignedResourceId": other("resource"),
            "Type": "OutOfOrder", "StartUtc": TIME, "EndUtc": TIME,
            "Name": format!("Made-up block {number}, version {version}"),
        }),
        "customers/getAll" => json!({
            "Id": null, "IsActive": null, "CreatedUtc": null, "UpdatedUtc": null,
            "ChainId": other("chain"),
            "Number": number,
            "FirstName": "Robin", "LastName": "Example", "HasOtaEmail": false,
            "Notes": format!("version {version}"),
            "Classifications": [], "Options": [], "PreferredSpaceFeatures": [],
            "CreatorProfileId": other("creator"), "UpdaterProfileId": other("updater"),
        }),
        "payments/getAll" => json!({
            "Id": null, "EnterpriseId": null, "CreatedUtc": null, "UpdatedUtc": null,
            "AccountId": other("account"), "AccountType": "Customer",
            "Amount": amount(-10), "OriginalAmount": amount(-10),
            "Notes": format!("version {version}"),
            "SettlementUtc": TIME, "AccountingState": "Open",
            "State": by_version(version, &["Pending", "Charged"]),
            "Type": "CashPayment",
        }),
        _ => json!({ "Id": null, "EnterpriseId": null, "CreatedUtc": null, "UpdatedUtc": null }),
    }
}

/// Returns the id of the thread of a message.
pub(super) fn thread_id(message: &str) -> String {
    derived_id(message, "thread")
}

/// Returns an id that depends on another one.
pub(super) fn derived_id(id: &str, name: &str) -> String {
    Builder::from_random_bytes(hash(id, name).to_be_bytes())
        .into_uuid()
        .to_string()
}

fn amount(value: i32) -> Value {
    json!({
        "Currency": "EUR", "NetValue": value, "GrossValue": value,
        "TaxValues": [], "Breakdown": { "Items": [] },
    })
}

/// Returns one of several values, in turn; the first one for version 1.
fn by_version(version: u64, values: &[&'static str]) -> &'static str {
    let turn = version.saturating_sub(1) % values.len() as u64;
    values[usize::try_from(turn).unwrap_or_default()]
}

/// Returns a number that depends on an id and a name. It is not random, but fast: a response can have a
/// thousand entities.
fn hash(id: &str, name: &str) -> u128 {
    // FNV-1a, and Knuth's constant, which spreads short names over all bits.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let spread = u128::from(hash) | u128::from(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 64;
    Uuid::parse_str(id).map_or(0, |id| id.as_u128()) ^ spread
}
