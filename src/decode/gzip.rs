//! Decodes gzip: members in a row, as `cat a.gz b.gz` makes them, and as loggers append them.
//!
//! Zeros after the last member are padding, as on tapes and in blocks of a bucket. Not with
//! `MultiGzDecoder`, since it takes padding for an error.

use flate2::{Decompress, FlushDecompress, Status};

use super::layer::{Fault, Layer, Step};

/// The base-2 logarithm of the largest window, which every gzip decoder provides.
const WINDOW_BITS: u8 = 15;

/// The first byte of each member.
const FIRST_BYTE: u8 = 0x1f;

pub(super) struct Gzip {
    inflate: Decompress,
    place: Place,
}

/// Where the next byte stands.
enum Place {
    Start,
    Member,
    AfterMember,
    Padding,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            inflate: Decompress::new_gzip(WINDOW_BITS),
            place: Place::Start,
        }
    }

    /// Decodes more of a member.
    fn inflate(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let (total_in, total_out) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(input, output, FlushDecompress::None);
        let length = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(0);
        let mut step = Step {
            read: length(self.inflate.total_in(), total_in),
            written: length(self.inflate.total_out(), total_out),
            ..Step::default()
        };
        match status {
            Ok(Status::StreamEnd) => self.place = Place::AfterMember,
            Ok(_) => {}
            Err(error) => {
                let reason = error.message().unwrap_or("invalid data");
                step.fault = Some(Fault::Corrupt(reason.to_owned()));
            }
        }
        step
    }
}

impl Layer for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8], is_end: bool) -> Step {
        match (&self.place, input.first()) {
            (Place::Start, Some(_)) => self.place = Place::Member,
            (Place::AfterMember, Some(&FIRST_BYTE)) => {
                self.inflate.reset(true);
                self.place = Place::Member;
            }
            (Place::AfterMember, Some(0)) => self.place = Place::Padding,
            (Place::AfterMember, Some(_)) => return Fault::Trailing.into(),
            _ => {}
        }
        match self.place {
            Place::Padding => {
                let read = input.iter().take_while(|byte| **byte == 0).count();
                Step {
                    read,
                    fault: (read < input.len()).then_some(Fault::Trailing),
                    ..Step::default()
                }
            }
            Place::Member => {
                let mut step = self.inflate(input, output);
                if is_end && input.is_empty() && step.written == 0 && step.fault.is_none() {
                    step.fault = Some(Fault::Truncated);
                }
                step
            }
            Place::Start | Place::AfterMember => Step::default(),
        }
    }
}
