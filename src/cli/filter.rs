//! The option `--where`, which several commands have.

use std::sync::Arc;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use mewshook::query::{Condition, Filter};

/// The conditions that payloads are selected by.
#[derive(Debug, Default, Args)]
pub struct FilterArgs {
    /// Select the payloads whose field has this value; `!=` excludes a value, `~=` looks for a part
    /// (repeatable: one field as "or", several as "and"). Fields: kind, event, enterprise, integration,
    /// service, id, code, valid, status, since, until
    #[arg(long = "where", value_name = "FIELD=VALUE", value_hint = ValueHint::Other, value_parser = |text: &str| text.parse::<Condition>())]
    pub conditions: Vec<Condition>,
}

impl FilterArgs {
    /// Returns the filter, with times counted back from now, or `None` if all payloads are selected.
    pub fn filter(&self) -> Option<Arc<Filter>> {
        let now = SystemTime::now().into();
        let filter = || Arc::new(Filter::new(self.conditions.clone(), now));
        (!self.conditions.is_empty()).then(filter)
    }
}
