//! What a decoder of one encoding has in common with those of others.
//!
//! Each works on slices and reads nothing itself, so that an error of the decoder can't be mistaken
//! for one of the reader, and what was decoded before an error is not lost with it.

/// Decodes one encoding, step by step.
pub(super) trait Layer {
    /// Decodes the start of `input` to the start of `output`, which is not empty. `is_end` says that
    /// no input follows; then a step that does nothing is the end.
    ///
    /// Unless `input` is empty, a step without a fault reads or writes something.
    fn step(&mut self, input: &[u8], output: &mut [u8], is_end: bool) -> Step;
}

/// What a step has done.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The number of bytes that were read.
    pub(super) read: usize,
    /// The number of bytes that were written.
    pub(super) written: usize,
    /// Why no step can follow.
    pub(super) fault: Option<Fault>,
    /// The number of bytes that were read after the place of the fault.
    pub(super) back: usize,
}

/// What is wrong with encoded data.
#[derive(Debug)]
pub(super) enum Fault {
    /// It ends before its end.
    Truncated,
    /// It is not what its encoding requires.
    Corrupt(String),
    /// Other data follows its end.
    Trailing,
    /// It takes more memory than is granted.
    Memory,
    /// It needs a dictionary.
    Dictionary,
}

impl From<Fault> for Step {
    fn from(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }
}
