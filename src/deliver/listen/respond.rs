//! The answers that a listener is told to give: to test what a sender does with them.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use fluent_uri::UriRef;
use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

use crate::deliver::Share;
use crate::deliver::server::{Reply, Response};

/// How a delivery is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Planned {
    /// With a status.
    Status(u16),
    /// With 307 or 308, and a location.
    Redirect(u16, String),
    /// Not at all, while the connection stays open.
    Timeout,
    /// Not at all, and the connection is closed.
    Close,
}

/// The error when a planned answer is not one.
#[derive(Debug, thiserror::Error)]
#[error("expected a status from 200 to 599, `timeout`, `close`, `307=URL` or `308=URL`")]
#[non_exhaustive]
pub struct RespondError;

impl FromStr for Planned {
    type Err = RespondError;

    fn from_str(text: &str) -> Result<Self, RespondError> {
        match text {
            "timeout" => return Ok(Self::Timeout),
            "close" => return Ok(Self::Close),
            _ => {}
        }
        if let Some((status, location)) = text.split_once('=') {
            let status = match status {
                "307" => 307,
                "308" => 308,
                _ => return Err(RespondError),
            };
            let is_valid = !location.is_empty() && UriRef::parse(location).is_ok();
            return if is_valid {
                Ok(Self::Redirect(status, location.to_owned()))
            } else {
                Err(RespondError)
            };
        }
        let status: Option<u16> = text.parse().ok();
        let status = status.filter(|status| (200..=599).contains(status) && text.len() == 3);
        status.map(Self::Status).ok_or(RespondError)
    }
}

impl Planned {
    /// Returns the status, if there is an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status) | Self::Redirect(status, _) => Some(*status),
            Self::Timeout | Self::Close => None,
        }
    }

    /// Returns what the server does.
    pub(super) fn reply(&self) -> Reply {
        match self {
            Self::Status(status) => Response::new(*status).into(),
            Self::Redirect(status, location) => {
                Response::new(*status).header("Location", location).into()
            }
            Self::Timeout => Reply::Silence,
            Self::Close => Reply::Close,
        }
    }
}

/// The answers to successive deliveries.
#[derive(Debug)]
pub struct PlannedAnswers {
    sequence: Vec<Planned>,
    fail_rate: Share,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next: usize,
    random: Pcg32,
}

impl PlannedAnswers {
    /// Creates answers that repeat a sequence, or are 200. A share of them, chosen by the seed, are 500
    /// instead.
    pub fn new(sequence: Vec<Planned>, fail_rate: Share, seed: u64) -> Self {
        Self {
            sequence,
            fail_rate,
            state: Mutex::new(State {
                next: 0,
                random: Pcg32::new(seed, 0),
            }),
        }
    }

    /// Returns the answer to the next delivery.
    pub fn next(&self) -> Planned {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next = (number + 1) % self.sequence.len().max(1);
        let drawn = (u64::from(state.random.next_u32()) * u64::from(Share::MILLION)) >> u32::BITS;
        if drawn < self.fail_rate.per_million().into() {
            return Planned::Status(500);
        }
        let planned = self.sequence.get(number);
        planned.cloned().unwrap_or(Planned::Status(200))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_parsed() {
        let parse = |text: &str| text.parse::<Planned>().ok();
        assert_eq!(parse("503"), Some(Planned::Status(503)));
        assert_eq!(parse("timeout"), Some(Planned::Timeout));
        assert_eq!(parse("close"), Some(Planned::Close));
        let location = "https://a.test/b?c=d";
        let redirect = Planned::Redirect(308, location.to_owned());
        assert_eq!(parse(&format!("308={location}")), Some(redirect));
        for text in [
            "",
            "20",
            "199",
            "600",
            "0200",
            "+200",
            "Timeout",
            "302=/a",
            "307=",
            "307=a b",
            "307=/a\r\nX: y",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_sequence_is_repeated_and_a_share_fails() {
        let planned = |text: &str| -> Vec<Planned> {
            let parts = text.split(',');
            parts.map(|part| part.parse().unwrap()).collect()
        };
        let take = |answers: &PlannedAnswers, count| -> Vec<_> {
            (0..count).map(|_| answers.next()).collect()
        };
        let percent = |text: &str| text.parse::<Share>().unwrap();
        let answers = PlannedAnswers::new(planned("500,500,200"), percent("0%"), 1);
        assert_eq!(take(&answers, 7), planned("500,500,200,500,500,200,500"));
        let always = PlannedAnswers::new(Vec::new(), percent("100%"), 1);
        assert_eq!(take(&always, 100), vec![Planned::Status(500); 100]);
        let failed = |seed| {
            let answers = PlannedAnswers::new(Vec::new(), percent("10%"), seed);
            take(&answers, 10_000)
        };
        let count = failed(1)
            .into_iter()
            .filter(|one| *one == Planned::Status(500));
        assert!((850..1150).contains(&count.count()));
        assert!(failed(1) == failed(1) && failed(1) != failed(2));
    }
}
