//! Canonical JSON (RFC 8785), straight from [`Serialize`] to bytes.
//!
//! Keys are sorted by their UTF-16 units, numbers have the one form that ECMAScript prints, and there
//! is no white space. Two rules come on top: a float below [`ROUNDED_BELOW`] is first rounded to six
//! decimals, and an integer that a double cannot hold is refused instead of being changed.

use std::cmp::Ordering;
use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Impossible};

/// Floats of this size and more are written as they are: their six decimals are not all significant.
pub const ROUNDED_BELOW: f64 = 1e9;

/// The largest integer that every JSON reader holds exactly, 2^53 - 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A value that has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum CanonicalError {
    #[error("a number is NaN or infinite, only finite numbers can be written")]
    NotFinite,
    #[error("integer `{0}` is past 2^53 - 1, the largest that JSON holds exactly")]
    IntegerTooLarge(String),
    #[error("key `{0}` occurs twice in one object")]
    DuplicateKey(String),
    #[error("a key is {0}, only strings can be keys")]
    KeyNotString(&'static str),
    #[error("{0}")]
    Refused(String),
}

impl ser::Error for CanonicalError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }
}

/// Writes `value` as canonical JSON.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    Canonical::new(&mut out).append(value)?;
    Ok(out)
}

/// Rounds to six decimals as every number in a pack is; `-0` becomes `0`.
pub fn round6(number: f64) -> f64 {
    let rounded = if number.abs() < ROUNDED_BELOW { (number * 1e6).round() / 1e6 } else { number };
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Orders keys as RFC 8785 does, by UTF-16 units; for ASCII that is the order of bytes.
pub(crate) fn compare_keys(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() {
        // A non-ASCII unit is above every ASCII one in both encodings.
        return a.as_bytes().cmp(b.as_bytes());
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// A serialiser that appends to one buffer and keeps its scratch space between values.
pub(crate) struct Canonical<'o> {
    out: &'o mut Vec<u8>,
    /// Members of the objects that are open now, innermost last.
    members: Vec<Member>,
    scratch: Vec<u8>,
}

/// One written `"key":value`, where it lies in the output.
struct Member {
    key: Key,
    start: usize,
    end: usize,
}

enum Key {
    Field(&'static str),
    Map(String),
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Field(key) => key,
            Self::Map(key) => key,
        }
    }
}

impl<'o> Canonical<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, members: Vec::new(), scratch: Vec::new() }
    }

    /// Appends one value.
    pub(crate) fn append<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    /// Returns how many bytes the buffer holds.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Appends a byte between values.
    pub(crate) fn push(&mut self, byte: u8) {
        self.out.push(byte);
    }

    fn unsigned(&mut self, number: u64) -> Result<(), CanonicalError> {
        if number > MAX_INTEGER {
            return Err(CanonicalError::IntegerTooLarge(number.to_string()));
        }
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&digits[at..]);
        Ok(())
    }

    fn signed(&mut self, number: i64) -> Result<(), CanonicalError> {
        if number < 0 {
            self.out.push(b'-');
        }
        self.unsigned(number.unsigned_abs())
    }

    fn float(&mut self, number: f64) -> Result<(), CanonicalError> {
        if !number.is_finite() {
            return Err(CanonicalError::NotFinite);
        }
        let mut text = ryu_js::Buffer::new();
        self.out.extend_from_slice(text.format_finite(round6(number)).as_bytes());
        Ok(())
    }

    fn open_object(&mut self) -> Object<'_, 'o> {
        self.out.push(b'{');
        Object { start: self.out.len(), first_member: self.members.len(), pending: None, json: self }
    }

    fn open_array(&mut self) -> Array<'_, 'o> {
        self.out.push(b'[');
        Array { first: true, json: self }
    }
}

/// Finds the next byte from `from` on that needs an escape, eight bytes at a time where it can.
fn next_escaped(bytes: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        // The high bit of a byte is set where the byte is zero, or below 0x20; a false alarm costs only
        // a closer look at these eight.
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let below_space = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let special = is_zero(word ^ (ONES * 0x22)) | is_zero(word ^ (ONES * 0x5c));
        if below_space | special != 0
            && let Some(within) = eight.iter().position(|byte| needs_escape(*byte))
        {
            return Some(at + within);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|byte| needs_escape(*byte)).map(|within| at + within)
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Writes a string with the escapes that RFC 8785 names and no other.
fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut written = 0;
    while let Some(at) = next_escaped(bytes, written) {
        let byte = bytes[at];
        out.extend_from_slice(&bytes[written..at]);
        written = at + 1;
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            _ => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
    out.extend_from_slice(&bytes[written..]);
    out.push(b'"');
}

pub(crate) struct Array<'c, 'o> {
    json: &'c mut Canonical<'o>,
    first: bool,
}

impl Array<'_, '_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        if !self.first {
            self.json.out.push(b',');
        }
        self.first = false;
        value.serialize(&mut *self.json)
    }

    fn close(self) -> Result<(), CanonicalError> {
        self.json.out.push(b']');
        Ok(())
    }
}

pub(crate) struct Object<'c, 'o> {
    json: &'c mut Canonical<'o>,
    /// Where the first member starts in the output.
    start: usize,
    first_member: usize,
    pending: Option<String>,
}

impl Object<'_, '_> {
    fn member<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Result<(), CanonicalError> {
        if self.json.members.len() > self.first_member {
            self.json.out.push(b',');
        }
        let start = self.json.out.len();
        match &key {
            // Field names are ours: they hold nothing to escape.
            Key::Field(name) => {
                self.json.out.push(b'"');
                self.json.out.extend_from_slice(name.as_bytes());
                self.json.out.extend_from_slice(b"\":");
            }
            Key::Map(name) => {
                write_string(self.json.out, name);
                self.json.out.push(b':');
            }
        }
        value.serialize(&mut *self.json)?;
        let end = self.json.out.len();
        self.json.members.push(Member { key, start, end });
        Ok(())
    }

    fn close(self) -> Result<(), CanonicalError> {
        let Canonical { out, members, scratch } = self.json;
        let mine = &mut members[self.first_member..];
        let in_order = mine.is_sorted_by(|a, b| compare_keys(a.key.as_str(), b.key.as_str()).is_lt());
        if !in_order {
            mine.sort_unstable_by(|a, b| compare_keys(a.key.as_str(), b.key.as_str()));
            if let Some(twice) = mine.windows(2).find(|pair| pair[0].key.as_str() == pair[1].key.as_str()) {
                return Err(CanonicalError::DuplicateKey(twice[0].key.as_str().to_owned()));
            }
            scratch.clear();
            scratch.extend_from_slice(&out[self.start..]);
            out.truncate(self.start);
            for (n_written, member) in mine.iter().enumerate() {
                if n_written > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(&scratch[member.start - self.start..member.end - self.start]);
            }
        }
        members.truncate(self.first_member);
        out.push(b'}');
        Ok(())
    }
}

type Done = Result<(), CanonicalError>;

impl<'c, 'o> ser::Serializer for &'c mut Canonical<'o> {
    type Ok = ();
    type Error = CanonicalError;
    type SerializeSeq = Array<'c, 'o>;
    type SerializeTuple = Array<'c, 'o>;
    type SerializeTupleStruct = Array<'c, 'o>;
    type SerializeTupleVariant = Impossible<(), CanonicalError>;
    type SerializeMap = Object<'c, 'o>;
    type SerializeStruct = Object<'c, 'o>;
    type SerializeStructVariant = Impossible<(), CanonicalError>;

    fn serialize_bool(self, value: bool) -> Done {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_i8(self, value: i8) -> Done {
        self.signed(value.into())
    }
    fn serialize_i16(self, value: i16) -> Done {
        self.signed(value.into())
    }
    fn serialize_i32(self, value: i32) -> Done {
        self.signed(value.into())
    }
    fn serialize_i64(self, value: i64) -> Done {
        self.signed(value)
    }
    fn serialize_u8(self, value: u8) -> Done {
        self.unsigned(value.into())
    }
    fn serialize_u16(self, value: u16) -> Done {
        self.unsigned(value.into())
    }
    fn serialize_u32(self, value: u32) -> Done {
        self.unsigned(value.into())
    }
    fn serialize_u64(self, value: u64) -> Done {
        self.unsigned(value)
    }
    fn serialize_f32(self, value: f32) -> Done {
        self.float(value.into())
    }
    fn serialize_f64(self, value: f64) -> Done {
        self.float(value)
    }
    fn serialize_char(self, value: char) -> Done {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Done {
        write_string(self.out, value);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(CanonicalError::Refused("raw bytes have no JSON form".to_owned()))
    }
    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.out.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut object = self.open_object();
        object.member(Key::Field(variant), value)?;
        object.close()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Array<'c, 'o>, CanonicalError> {
        Ok(self.open_array())
    }
    fn serialize_tuple(self, _: usize) -> Result<Array<'c, 'o>, CanonicalError> {
        Ok(self.open_array())
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Array<'c, 'o>, CanonicalError> {
        Ok(self.open_array())
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, CanonicalError> {
        Err(CanonicalError::Refused(format!("`{name}` has a variant of several values, no record has one")))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'c, 'o>, CanonicalError> {
        Ok(self.open_object())
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'c, 'o>, CanonicalError> {
        Ok(self.open_object())
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, CanonicalError> {
        Err(CanonicalError::Refused(format!("`{name}` has a variant of several values, no record has one")))
    }
}

impl ser::SerializeSeq for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTuple for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Array<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        self.member(Key::Field(key), value)
    }
    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.pending = Some(key.serialize(KeyText)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let key = self.pending.take().ok_or(CanonicalError::KeyNotString("missing"))?;
        self.member(Key::Map(key), value)
    }
    fn end(self) -> Done {
        self.close()
    }
}

/// Takes a map's key as text; anything but a string is refused.
struct KeyText;

macro_rules! refuse_keys {
    ($($method:ident($($argument:ty),*) -> $what:literal,)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<String, CanonicalError> {
            Err(CanonicalError::KeyNotString($what))
        })+
    };
}

macro_rules! refuse_compound_keys {
    ($($method:ident($($argument:ty),*) -> $kind:ident,)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Self::$kind, CanonicalError> {
            Err(CanonicalError::KeyNotString("a list or an object"))
        })+
    };
}

impl ser::Serializer for KeyText {
    type Ok = String;
    type Error = CanonicalError;
    type SerializeSeq = Impossible<String, CanonicalError>;
    type SerializeTuple = Impossible<String, CanonicalError>;
    type SerializeTupleStruct = Impossible<String, CanonicalError>;
    type SerializeTupleVariant = Impossible<String, CanonicalError>;
    type SerializeMap = Impossible<String, CanonicalError>;
    type SerializeStruct = Impossible<String, CanonicalError>;
    type SerializeStructVariant = Impossible<String, CanonicalError>;

    fn serialize_str(self, value: &str) -> Result<String, CanonicalError> {
        Ok(value.to_owned())
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }
    fn serialize_char(self, value: char) -> Result<String, CanonicalError> {
        Ok(value.to_string())
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, CanonicalError> {
        Ok(variant.to_owned())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, CanonicalError> {
        value.serialize(self)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, CanonicalError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, CanonicalError> {
        Err(CanonicalError::KeyNotString("a variant with a value"))
    }
    refuse_keys! {
        serialize_bool(bool) -> "a boolean",
        serialize_i8(i8) -> "a number",
        serialize_i16(i16) -> "a number",
        serialize_i32(i32) -> "a number",
        serialize_i64(i64) -> "a number",
        serialize_u8(u8) -> "a number",
        serialize_u16(u16) -> "a number",
        serialize_u32(u32) -> "a number",
        serialize_u64(u64) -> "a number",
        serialize_f32(f32) -> "a number",
        serialize_f64(f64) -> "a number",
        serialize_bytes(&[u8]) -> "raw bytes",
        serialize_none() -> "nothing",
        serialize_unit() -> "nothing",
        serialize_unit_struct(&'static str) -> "nothing",
    }
    refuse_compound_keys! {
        serialize_seq(Option<usize>) -> SerializeSeq,
        serialize_tuple(usize) -> SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant,
        serialize_map(Option<usize>) -> SerializeMap,
        serialize_struct(&'static str, usize) -> SerializeStruct,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant,
    }
}
