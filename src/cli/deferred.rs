//! Arguments that are added to a command only when it is called.
//!
//! Otherwise each run would build the arguments of all commands: a fifth of the time of `--version`.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Id};

/// The arguments of a command. What inspects them calls [`Command::build`] first.
#[derive(Debug)]
pub struct Deferred<T>(T);

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| with_arguments(command, T::augment_args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(|command| with_arguments(command, T::augment_args_for_update))
    }
}

/// Adds arguments to a command, before the global ones, which it has already. Keeps its description: the
/// types of arguments have comments of their own, which clap takes for descriptions.
fn with_arguments(command: Command, add: fn(Command) -> Command) -> Command {
    let about = command.get_about().cloned();
    let long_about = command.get_long_about().cloned();
    let global: Vec<Id> = command.get_arguments().map(Arg::get_id).cloned().collect();
    let command = add(command)
        .about(Resettable::from(about))
        .long_about(Resettable::from(long_about));
    // Clap puts an argument that may be changed behind all others.
    let global = global.into_iter();
    global.fold(command, |command, id| command.mut_arg(id, |arg| arg))
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }

    fn update_from_arg_matches_mut(&mut self, matches: &mut ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches_mut(matches)
    }
}
