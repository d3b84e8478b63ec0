//! Reads a log file as its bytes come.

use super::{
    LogFileError, LogFileHeader, LogFileItem, LogFilePlace, LogFileProblem, LogFileReader,
    ReadLimits,
};

/// A log file of which only a part may be there yet. After an error it is of no use any more.
#[derive(Debug)]
pub struct LogFileStream {
    /// Bytes that came and were not read.
    waiting: Vec<u8>,
    limits: ReadLimits,
    /// Where reading goes on; none before the head of the file.
    place: Option<LogFilePlace>,
}

impl LogFileStream {
    /// Begins a file.
    pub fn new(limits: ReadLimits) -> Self {
        Self { waiting: Vec::new(), limits, place: None }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Returns what the head of the file says, as soon as it is there whole.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not the beginning of a log file of this version.
    pub fn header(&mut self) -> Result<Option<&LogFileHeader>, LogFileError> {
        if self.place.is_none() {
            match LogFileReader::new(&self.waiting, self.limits) {
                Ok(reader) => {
                    let (place, rest) = reader.stop();
                    let rest = rest.len();
                    self.keep(place, rest);
                }
                Err(error) if self.is_cut(&error.problem) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.place.as_ref().map(LogFilePlace::header))
    }

    /// Hands over what has come, item by item, until `each` returns false; returns whether there may be more at once.
    ///
    /// # Errors
    ///
    /// Fails if the file is damaged, or as `each` does.
    pub fn read<E: From<LogFileError>>(
        &mut self,
        mut each: impl FnMut(LogFileItem<'_>) -> Result<bool, E>,
    ) -> Result<bool, E> {
        self.header()?;
        let Some(place) = self.place.take() else { return Ok(false) };
        let mut reader = LogFileReader::at(&self.waiting, place);
        let mut goes_on = true;
        while goes_on && reader.is_ready() {
            match reader.next_item()? {
                Some(item) => goes_on = each(item)?,
                None => break,
            }
        }
        let (is_more, is_over) = (!goes_on && reader.is_ready(), reader.is_over());
        let (place, rest) = reader.stop();
        if is_over && !rest.is_empty() {
            return Err(place.trailing(rest.len() as u64).into());
        }
        let rest = rest.len();
        self.keep(place, rest);
        Ok(is_more)
    }

    /// Ends: no more bytes come, and [`LogFileStream::read`] has handed over all that is whole.
    ///
    /// # Errors
    ///
    /// Fails if the file is cut off.
    pub fn finish(self) -> Result<(), LogFileError> {
        let mut reader = match self.place {
            Some(place) => LogFileReader::at(&self.waiting, place),
            None => LogFileReader::new(&self.waiting, self.limits)?,
        };
        // What is there is not a whole item: the reader says what is missing.
        while reader.next_item()?.is_some() {}
        Ok(())
    }

    fn keep(&mut self, place: LogFilePlace, rest: usize) {
        let read = self.waiting.len().saturating_sub(rest);
        self.waiting.drain(..read);
        self.place = Some(place);
    }

    /// Tells whether more bytes may make a head of what is there.
    fn is_cut(&self, problem: &LogFileProblem) -> bool {
        match problem {
            LogFileProblem::Magic => self.waiting.len() < MAGIC_BYTES,
            LogFileProblem::Truncated { needed, .. } => {
                *needed <= u64::from(self.limits.frame_bytes)
            }
            _ => false,
        }
    }
}

const MAGIC_BYTES: usize = 8;
