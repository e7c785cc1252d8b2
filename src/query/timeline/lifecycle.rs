//! The steps in the life of an integration.

use std::borrow::Cow;

/// What happened to an integration, in the order in which the steps follow one another if each
/// occurs once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LifecycleStep {
    /// It was created.
    Created,
    /// It was enabled.
    Enabled,
    /// An API key was created for it.
    ApiKeyCreated,
    /// It was disabled.
    Disabled,
    /// It was canceled.
    Canceled,
    /// It was reinstated after it had been canceled.
    Reinstated,
    /// It was deleted.
    Deleted,
}

impl LifecycleStep {
    /// All steps, in order.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Enabled,
        Self::ApiKeyCreated,
        Self::Disabled,
        Self::Canceled,
        Self::Reinstated,
        Self::Deleted,
    ];

    /// Returns the action of the event that reports the step.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Created => "IntegrationCreated",
            Self::Enabled => "IntegrationEnabled",
            Self::ApiKeyCreated => "IntegrationApiKeyCreated",
            Self::Disabled => "IntegrationDisabled",
            Self::Canceled => "IntegrationCanceled",
            Self::Reinstated => "IntegrationReinstated",
            Self::Deleted => "IntegrationDeleted",
        }
    }

    /// Returns the step that an action reports, if it is a documented one.
    pub fn of_action(action: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.action() == action)
    }
}

impl From<LifecycleStep> for Cow<'static, str> {
    fn from(step: LifecycleStep) -> Self {
        Cow::Borrowed(step.action())
    }
}

#[cfg(test)]
mod tests {
    use super::LifecycleStep;
    use crate::contract::Kind;

    #[test]
    fn each_event_of_an_integration_is_a_step() {
        let kinds = [Kind::Integration, Kind::Integration2019];
        let events = kinds.into_iter().flat_map(Kind::events);
        let mut steps: Vec<_> = events
            .map(|event| {
                let step = LifecycleStep::of_action(event.name);
                step.unwrap_or_else(|| panic!("{} is no step", event.name))
            })
            .collect();
        steps.sort_unstable();
        steps.dedup();
        assert_eq!(steps, LifecycleStep::ALL);
    }
}
