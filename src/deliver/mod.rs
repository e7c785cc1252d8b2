//! Sends and receives deliveries, as Mews and as a partner.
//!
//! Commands are built from four parts: a [`Client`] that posts a body as Mews does, a [`Server`] that
//! keeps each request as it came, the [`signature`] of the Point of Sale API, and the [`SecretText`]s
//! and [`Target`]s that must never be shown. [`verify`] finds out why a signature does not fit. All sockets are blocking and each connection has a
//! thread, so that a reader finds no runtime between a command and its bytes.

pub mod api;
mod client;
pub mod listen;
pub mod receiver;
mod schedule;
mod secret_text;
pub mod send;
pub mod server;
mod share;
pub mod signature;
mod target;
mod timing;
pub mod verify;

pub use client::{Answer, Client, ClientError, ClientOptions, DEADLINE, FollowedRedirect};
pub use schedule::{DUPLICATE_DISTANCE, Schedule, ScheduleOptions, Scheduled};
pub use secret_text::{SecretText, SecretTextError};
pub use server::{Server, ServerLimits};
pub use share::{Share, ShareError};
pub use target::{Target, TargetError};
pub use timing::{DelayRange, Speed, StartTime, Timing, TimingError, parse_duration};
