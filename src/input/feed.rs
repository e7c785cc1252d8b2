//! Bytes as they come: from a file at once, from anything else through a thread, so that one can
//! tell when nothing is coming.

use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::{InputError, Origin};

/// How many bytes are read at a time.
const CHUNK: usize = 256 * 1024;

/// How long an input may be silent before results are shown as they stand.
const PATIENCE: Duration = Duration::from_millis(100);

/// A source of bytes.
pub(super) enum Feed {
    /// A regular file, and how long it was when it was opened.
    File(File, u64),
    /// A pipe, a terminal, a device: read by a thread of its own.
    Slow(Receiver<io::Result<Vec<u8>>>),
    /// Bytes in memory.
    Memory(Vec<u8>),
}

/// What a feed has.
pub(super) enum More {
    /// Bytes, which were added to the buffer.
    Bytes,
    /// Nothing for now.
    Nothing,
    /// Nothing ever.
    End,
}

impl Feed {
    pub(super) fn open(origin: &Origin) -> Result<Self, InputError> {
        match origin {
            Origin::Stdin => Ok(Self::slow(io::stdin())),
            Origin::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(InputError::Folder(path.clone()));
                }
                Ok(if metadata.is_file() {
                    Self::File(file, metadata.len())
                } else {
                    Self::slow(file)
                })
            }
        }
    }

    pub(super) fn slow(reader: impl Read + Send + 'static) -> Self {
        // Two chunks ahead and no more: a slow reader of our output holds the writer still.
        let (sender, receiver) = sync_channel(2);
        thread::spawn(move || pump(reader, &sender));
        Self::Slow(receiver)
    }

    /// Adds what there is to the buffer; waits, if `patient`, however long it takes.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, patient: bool) -> io::Result<More> {
        match self {
            Self::File(file, length) => {
                // At once, for it would grow step by step; and one byte more, to see the end.
                let expected = usize::try_from(*length).unwrap_or(CHUNK).min(CHUNK);
                buffer.reserve(expected + 1);
                let read = file.by_ref().take(CHUNK as u64).read_to_end(buffer)?;
                Ok(if read == 0 { More::End } else { More::Bytes })
            }
            Self::Slow(receiver) => {
                let chunk = if patient {
                    receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
                } else {
                    receiver.recv_timeout(PATIENCE)
                };
                match chunk {
                    Ok(chunk) => {
                        buffer.extend_from_slice(&chunk?);
                        Ok(More::Bytes)
                    }
                    Err(RecvTimeoutError::Timeout) => Ok(More::Nothing),
                    Err(RecvTimeoutError::Disconnected) => Ok(More::End),
                }
            }
            Self::Memory(bytes) => {
                let is_empty = bytes.is_empty();
                buffer.append(bytes);
                Ok(if is_empty { More::End } else { More::Bytes })
            }
        }
    }
}

/// Reads until the end, an error, or until nobody listens.
fn pump(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; CHUNK];
        let message = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(read) => {
                chunk.truncate(read);
                Ok(chunk)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = message.is_err();
        if sender.send(message).is_err() || is_last {
            return;
        }
    }
}
