//! Cuts a file of mitmproxy into its flows, which follow one another and state their lengths.

use crate::decode::text::tnetstring::{Length, tnetstring_length};
use crate::input::reader::Fill;

use super::batch::FrameRange;
use super::buffer::Buffer;
use super::kind::FrameKind;

/// Cuts a file into flows.
#[derive(Debug, Default)]
pub(super) struct FlowCutter {
    /// The number of flows so far.
    count: u64,
}

/// What a file has next.
pub(super) enum NextFlow {
    Flow(FrameRange),
    /// More bytes must arrive before.
    Undecided,
    /// Something other than a flow.
    Text,
}

impl FlowCutter {
    /// Cuts out the next flow, if it has arrived.
    pub(super) fn next(&mut self, buffer: &mut Buffer, fill: Fill, levels: usize) -> NextFlow {
        let rest = buffer.rest();
        let length = match tnetstring_length(rest) {
            Length::Known(length) if length <= rest.len() => length,
            Length::Known(_) | Length::Undecided if !fill.is_last() => return NextFlow::Undecided,
            _ if rest.is_empty() => return NextFlow::Undecided,
            _ => return NextFlow::Text,
        };
        self.count += 1;
        NextFlow::Flow(buffer.take_frame(length, self.count, levels, FrameKind::Flow))
    }
}
