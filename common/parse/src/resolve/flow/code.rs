//! What a packed flow is written in.

use model::flow::{Argument, ArgumentKind, Expression, Part, Store};

/// Numbers of seven bits a byte, the last with the high bit clear.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    fn wide(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(super) fn number(&mut self, number: u32) {
        self.wide(u64::from(number));
    }

    fn optional(&mut self, number: Option<u32>) {
        self.wide(number.map_or(0, |number| u64::from(number) + 1));
    }

    pub(super) fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u32);
        list.iter().for_each(|item| write(self, item));
    }

    fn tagged<const N: usize>(&mut self, tag: u8, numbers: [u32; N]) {
        self.bytes.push(tag);
        numbers.into_iter().for_each(|number| self.number(number));
    }

    pub(super) fn store(&mut self, store: &Store) {
        match *store {
            Store::Member { of, name, value } => self.tagged(0, [of, name, value]),
            Store::Item { of, key, value } => self.tagged(1, [of, key, value]),
        }
    }

    fn argument(&mut self, argument: &Argument) {
        match argument.kind {
            ArgumentKind::Positional => self.tagged(0, [argument.value]),
            ArgumentKind::Named(name) => self.tagged(1, [argument.value, name]),
            ArgumentKind::List => self.tagged(2, [argument.value]),
            ArgumentKind::Table => self.tagged(3, [argument.value]),
        }
    }

    pub(super) fn expression(&mut self, expression: &Expression) {
        match *expression {
            Expression::Unknown => self.tagged(0, []),
            Expression::AnyOf(ref of) => {
                self.tagged(1, []);
                self.list(of, |code, idx| code.number(*idx));
            }
            Expression::Symbol(idx) => self.tagged(2, [idx]),
            Expression::Lambda(idx) => self.tagged(3, [idx]),
            Expression::Import(idx) => self.tagged(4, [idx]),
            Expression::Global(name) => self.tagged(5, [name]),
            Expression::Text(name) => self.tagged(6, [name]),
            Expression::Number(number) => {
                self.tagged(7, []);
                // Small negative numbers are short as well.
                self.wide(((number << 1) ^ (number >> 63)) as u64);
            }
            Expression::Member(of, name) => self.tagged(8, [of, name]),
            Expression::Super(idx) => self.tagged(9, [idx]),
            Expression::Item(of, key) => self.tagged(10, [of, key]),
            Expression::Slice { of, from, n_left, to } => {
                self.tagged(11, [of, from]);
                self.optional(n_left);
                self.optional(to);
            }
            Expression::Element(of, site) => self.tagged(12, [of, site]),
            Expression::List(ref parts) => {
                self.tagged(13, []);
                self.list(parts, |code, part| code.tagged(u8::from(part.is_spread), [part.value]));
            }
            Expression::Table(ref pairs) => {
                self.tagged(14, []);
                self.list(pairs, |code, (key, value)| {
                    code.optional(*key);
                    code.number(*value);
                });
            }
            Expression::ListOf(of) => self.tagged(15, [of]),
            Expression::TableOf(of) => self.tagged(16, [of]),
            Expression::Call { callee, ref arguments, site } => {
                self.tagged(17, [callee, site]);
                self.list(arguments, Self::argument);
            }
            Expression::Decorated { call, definition } => self.tagged(18, [call, definition]),
            Expression::Declared { of, is_callable } => self.tagged(19, [of, u32::from(is_callable)]),
            Expression::Raised(of, site) => self.tagged(20, [of, site]),
            Expression::Parameter(default) => {
                self.tagged(21, []);
                self.optional(default);
            }
        }
    }
}

/// Reads what a [`Writer`] of this process wrote.
pub(super) struct Reader<'c> {
    pub(super) bytes: std::slice::Iter<'c, u8>,
}

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or_default()
    }

    fn wide(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    pub(super) fn number(&mut self) -> u32 {
        self.wide() as u32
    }

    fn optional(&mut self) -> Option<u32> {
        self.wide().checked_sub(1).map(|number| number as u32)
    }

    pub(super) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| read(self)).collect()
    }

    pub(super) fn store(&mut self) -> Store {
        match self.byte() {
            0 => Store::Member { of: self.number(), name: self.number(), value: self.number() },
            _ => Store::Item { of: self.number(), key: self.number(), value: self.number() },
        }
    }

    fn argument(&mut self) -> Argument {
        let (tag, value) = (self.byte(), self.number());
        let kind = match tag {
            0 => ArgumentKind::Positional,
            1 => ArgumentKind::Named(self.number()),
            2 => ArgumentKind::List,
            _ => ArgumentKind::Table,
        };
        Argument { kind, value }
    }

    pub(super) fn expression(&mut self) -> Expression {
        match self.byte() {
            0 => Expression::Unknown,
            1 => Expression::AnyOf(self.list(Self::number)),
            2 => Expression::Symbol(self.number()),
            3 => Expression::Lambda(self.number()),
            4 => Expression::Import(self.number()),
            5 => Expression::Global(self.number()),
            6 => Expression::Text(self.number()),
            7 => {
                let number = self.wide();
                Expression::Number((number >> 1) as i64 ^ -((number & 1) as i64))
            }
            8 => Expression::Member(self.number(), self.number()),
            9 => Expression::Super(self.number()),
            10 => Expression::Item(self.number(), self.number()),
            11 => Expression::Slice {
                of: self.number(),
                from: self.number(),
                n_left: self.optional(),
                to: self.optional(),
            },
            12 => Expression::Element(self.number(), self.number()),
            13 => Expression::List(self.list(|code| {
                let is_spread = code.byte() == 1;
                Part { value: code.number(), is_spread }
            })),
            14 => Expression::Table(self.list(|code| (code.optional(), code.number()))),
            15 => Expression::ListOf(self.number()),
            16 => Expression::TableOf(self.number()),
            17 => {
                let (callee, site) = (self.number(), self.number());
                Expression::Call { callee, arguments: self.list(Self::argument), site }
            }
            18 => Expression::Decorated { call: self.number(), definition: self.number() },
            19 => Expression::Declared { of: self.number(), is_callable: self.number() == 1 },
            20 => Expression::Raised(self.number(), self.number()),
            _ => Expression::Parameter(self.optional()),
        }
    }
}
