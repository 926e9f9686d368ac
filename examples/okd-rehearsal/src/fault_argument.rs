//! A fault on the command line.

use std::{fmt, str::FromStr};

use harmony_capabilities::fakes::{Fault, FaultPlan};
use harmony_types::{ParseError, ParseErrorKind};

/// A fault on the command line: what goes wrong, and with which call.
///
/// `fail-after@cp-1` goes wrong with the next effect whose name contains `cp-1`, `lie@read:machines` with the next
/// read whose name contains `machines`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultArgument {
    fault: Fault,
    read: bool,
    call: String,
}

impl FaultArgument {
    /// Puts the fault in the way of its call.
    pub fn arm(&self, faults: &FaultPlan) {
        if self.read {
            faults.on_read(&self.call, self.fault);
        } else {
            faults.on_effect(&self.call, self.fault);
        }
    }
}

impl FromStr for FaultArgument {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse =
            |expected| ParseError::new("fault", text, ParseErrorKind::Malformed { expected });
        let (fault, call) = text
            .split_once('@')
            .ok_or_else(|| refuse("a fault, `@` and part of a call's name: `fail-after@cp-1`"))?;
        let fault = Fault::ALL.into_iter().find(|known| known.to_string() == fault).ok_or_else(|| {
            refuse("one of fail-after, fail-before, hang-after, hang-before, lie, repeat before the `@`")
        })?;
        let (read, call) = match call.strip_prefix("read:") {
            Some(call) => (true, call),
            None => (false, call),
        };
        if call.is_empty() {
            return Err(refuse("part of a call's name after the `@`"));
        }
        Ok(Self { fault, read, call: call.to_owned() })
    }
}

impl fmt::Display for FaultArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}{}", self.fault, if self.read { "read:" } else { "" }, self.call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written() {
        for text in ["fail-after@cp-1", "lie@read:machines", "hang-before@switch on `cp-0`"] {
            assert_eq!(text.parse::<FaultArgument>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn each_refusal_names_what_was_expected() {
        let refusal = |text: &str| text.parse::<FaultArgument>().unwrap_err().to_string();
        assert!(refusal("fail-after").contains("`@`"));
        assert!(refusal("fail@cp-1").contains("one of fail-after"));
        assert!(refusal("lie@read:").contains("after the `@`"));
    }
}
