//! Writes a payload's fields.

/// A payload that grows field by field.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn u8(mut self, value: u8) -> Writer {
        self.bytes.push(value);
        self
    }

    pub fn u16(mut self, value: u16) -> Writer {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn u32(mut self, value: u32) -> Writer {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn u64(mut self, value: u64) -> Writer {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Bytes without a count.
    pub fn raw(mut self, bytes: &[u8]) -> Writer {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub fn bytes(self, bytes: &[u8]) -> Writer {
        self.u32(bytes.len() as u32).raw(bytes)
    }

    pub fn text(self, text: &str) -> Writer {
        self.bytes(text.as_bytes())
    }

    pub fn list<T>(self, items: &[T], write: impl Fn(Writer, &T) -> Writer) -> Writer {
        items.iter().fold(self.u32(items.len() as u32), write)
    }

    pub fn texts(self, items: &[&str]) -> Writer {
        self.list(items, |writer, item| writer.text(item))
    }

    pub fn done(self) -> Vec<u8> {
        self.bytes
    }
}
