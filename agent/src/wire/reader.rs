//! Reads a payload's fields, never past its end and never trusting a count.

use crate::wire::refusal::Malformed;
use std::convert::TryInto;

type Result<T> = std::result::Result<T, Malformed>;

/// A payload and how far it has been read.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(payload: &'a [u8]) -> Reader<'a> {
        Reader { rest: payload }
    }

    pub fn take(&mut self, count: usize, field: &str) -> Result<&'a [u8]> {
        if count > self.rest.len() {
            let found = self.rest.len();
            return Err(Malformed(format!("{}: {} bytes expected, {} left", field, count, found)));
        }
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(taken)
    }

    pub fn u8(&mut self, field: &str) -> Result<u8> {
        Ok(self.take(1, field)?[0])
    }

    pub fn u16(&mut self, field: &str) -> Result<u16> {
        Ok(u16::from_be_bytes(self.take(2, field)?.try_into().unwrap()))
    }

    pub fn u32(&mut self, field: &str) -> Result<u32> {
        Ok(u32::from_be_bytes(self.take(4, field)?.try_into().unwrap()))
    }

    pub fn u64(&mut self, field: &str) -> Result<u64> {
        Ok(u64::from_be_bytes(self.take(8, field)?.try_into().unwrap()))
    }

    pub fn bytes(&mut self, field: &str) -> Result<&'a [u8]> {
        let count = self.u32(field)?;
        self.take(count as usize, field)
    }

    /// A `str` that banger makes: UTF-8 without NUL.
    pub fn text(&mut self, field: &str) -> Result<&'a str> {
        let text = std::str::from_utf8(self.user_text(field)?);
        text.map_err(|_| Malformed(format!("{}: not UTF-8", field)))
    }

    /// A `str` that may be any bytes but NUL: an argument or a path of the user's.
    pub fn user_text(&mut self, field: &str) -> Result<&'a [u8]> {
        let bytes = self.bytes(field)?;
        if bytes.contains(&0) {
            return Err(Malformed(format!("{}: a NUL byte in it", field)));
        }
        Ok(bytes)
    }

    /// A list whose items take at least `smallest` bytes each, so that a lying count cannot reserve memory.
    pub fn list<T>(
        &mut self,
        smallest: usize,
        field: &str,
        mut item: impl FnMut(&mut Reader<'a>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let count = self.u32(field)? as usize;
        if count > self.rest.len() / smallest {
            return Err(Malformed(format!("{}: {} items do not fit in what is left", field, count)));
        }
        (0..count).map(|_| item(self)).collect()
    }

    /// Ends the reading: a payload must be used up by its fields.
    pub fn end(self) -> Result<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed(format!("{} trailing bytes", self.rest.len())))
        }
    }
}
