//! Why the agent refuses a request or ends a session.

/// The codes of REFUSED and ERROR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Code {
    Malformed = 1,
    Unsupported = 2,
    NotFound = 3,
    NotExecutable = 4,
    NoSuchUser = 5,
    BadDirectory = 6,
    Busy = 7,
    Unreachable = 8,
    Failed = 9,
}

/// A request's refusal, or a session's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into() }
    }

    pub fn failed(message: impl Into<String>) -> Refusal {
        Refusal::new(Code::Failed, message)
    }
}

/// Bytes that break the protocol's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    pub fn new(message: impl Into<String>) -> Malformed {
        Malformed(message.into())
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Refusal {
        Refusal::new(Code::Malformed, malformed.0)
    }
}
