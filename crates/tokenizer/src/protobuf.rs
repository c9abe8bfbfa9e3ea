//! Reads the protocol-buffer wire format: the few wire types that SentencePiece models use.
//!
//! Source: the encoding section of the protocol buffers documentation. Every length is checked against what is left
//! before anything is read, and nothing is copied.

use crate::Error;

/// One field of a message: its number and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Field<'b> {
    pub(crate) number: u32,
    pub(crate) value: Value<'b>,
    /// Where its value begins, counted from the beginning of the file.
    pub(crate) at: usize,
}

/// A field's value by wire type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'b> {
    /// Wire type 0: integers, booleans, enumerations.
    Varint(u64),
    /// Wire type 1.
    Fixed64(u64),
    /// Wire type 2: strings and messages.
    Bytes(&'b [u8]),
    /// Wire type 5: `float`.
    Fixed32(u32),
}

/// Reads a message field by field.
pub(crate) struct Fields<'b> {
    form: &'static str,
    rest: &'b [u8],
    at: usize,
}

impl<'b> Fields<'b> {
    /// `message` begins at byte `at` of the file.
    pub(crate) fn new(form: &'static str, message: &'b [u8], at: usize) -> Self {
        Self { form, rest: message, at }
    }

    /// The next field, or `None` at the end of the message.
    pub(crate) fn next(&mut self) -> Result<Option<Field<'b>>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key_at = self.at;
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).unwrap_or(0);
        if number == 0 {
            return Err(self.malformed(key_at, "a field number from 1", &(key >> 3)));
        }
        let mut at = self.at;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let n = self.varint()?;
                at = self.at;
                Value::Bytes(self.take(n)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.array()?)),
            other => return Err(self.malformed(key_at, "a wire type of 0, 1, 2 or 5", &other)),
        };
        Ok(Some(Field { number, value, at }))
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let at = self.at;
        let mut value = 0_u64;
        for place in 0..10 {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7F);
            if place == 9 && bits > 1 {
                break;
            }
            value |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.malformed(at, "a number of at most 64 bits", &"a longer one"))
    }

    fn take(&mut self, n: u64) -> Result<&'b [u8], Error> {
        let split = usize::try_from(n).ok().and_then(|n| self.rest.split_at_checked(n));
        let Some((taken, rest)) = split else {
            return Err(self.malformed(self.at, format!("{n} bytes"), &self.rest.len()));
        };
        self.rest = rest;
        self.at += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let Some((taken, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(self.malformed(self.at, format!("{N} bytes"), &self.rest.len()));
        };
        self.rest = rest;
        self.at += N;
        Ok(*taken)
    }

    fn malformed(&self, at: usize, expected: impl Into<String>, found: &dyn ToString) -> Error {
        Error::malformed(self.form, format!("byte {at}"), expected, found.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(message: &[u8]) -> Result<Vec<Field<'_>>, Error> {
        let mut fields = Fields::new("test", message, 0);
        let mut found = Vec::new();
        while let Some(field) = fields.next()? {
            found.push(field);
        }
        Ok(found)
    }

    #[test]
    fn each_wire_type_is_read() {
        let check = |message: &[u8], number, value, at| {
            assert_eq!(all(message), Ok(vec![Field { number, value, at }]), "{message:?}");
        };
        check(&[0x08, 0x96, 0x01], 1, Value::Varint(150), 1);
        check(&[0x09, 1, 0, 0, 0, 0, 0, 0, 0], 1, Value::Fixed64(1), 1);
        check(&[0x12, 2, b'h', b'i'], 2, Value::Bytes(b"hi"), 2);
        check(&[0x15, 0, 0, 0x80, 0x3F], 2, Value::Fixed32(1.0_f32.to_bits()), 1);
        let most = [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        check(&most, 1, Value::Varint(u64::MAX), 1);
    }

    #[test]
    fn each_lie_is_one_sentence() {
        let check = |message: &[u8], says: &str| {
            let error = all(message).expect_err(says).to_string();
            assert_eq!(error, format!("test: expected {says}"), "{message:?}");
        };
        check(&[0x12, 5, b'h', b'i'], "5 bytes, found 2, at byte 2");
        check(&[0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "4294967295 bytes, found 0, at byte 6");
        check(&[0x15, 0, 0], "4 bytes, found 2, at byte 1");
        check(&[0x08], "1 bytes, found 0, at byte 1");
        check(&[0x08, 0x80], "1 bytes, found 0, at byte 2");
        check(&[0x0B], "a wire type of 0, 1, 2 or 5, found 3, at byte 0");
        check(&[0x00, 0x00], "a field number from 1, found 0, at byte 0");
        check(&[&[0x08][..], &[0xFF; 10]].concat(), "a number of at most 64 bits, found a longer one, at byte 1");
        check(&[&[0x08][..], &[0x80; 12]].concat(), "a number of at most 64 bits, found a longer one, at byte 1");
    }
}
