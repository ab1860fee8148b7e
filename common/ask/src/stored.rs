//! An index of evidence as bytes, so that it is made once for many questions.

use search::bytes::{Reader, Writer};

use crate::index::{Index, Unit};
use crate::passage::Passage;

/// Changes with the bytes and with what becomes a unit; other forms are not read.
const FORM: u64 = 4;
const PASSAGE: u64 = 0;
const STATEMENT: u64 = 1;

impl Index {
    /// Writes the index for [`Index::read`].
    pub fn write(&self, out: &mut Writer) {
        out.number(FORM);
        out.number(self.n_symbols as u64);
        out.list(self.others.iter(), write_unit);
        self.words.write(out);
    }

    /// Reads an index of the same pack; `None` where the bytes are no index of this version.
    pub fn read(input: &mut Reader<'_>) -> Option<Self> {
        if input.number()? != FORM {
            return None;
        }
        let n_symbols = place(input)?;
        let others = input.list(read_unit)?;
        let words = search::Index::read(input)?;
        (words.len() == n_symbols + others.len()).then_some(Self { words, n_symbols, others })
    }
}

fn write_unit(out: &mut Writer, unit: &Unit) {
    match unit {
        // Symbols have no unit of their own in the list.
        Unit::Symbol(_) => {}
        Unit::Statement { section, item } => {
            [STATEMENT, *section as u64, *item as u64].into_iter().for_each(|n| out.number(n));
        }
        Unit::Passage { document, section, passage } => {
            out.number(PASSAGE);
            out.number(*document as u64);
            out.number(optional(*section));
            out.number(passage.is_some().into());
            if let Some(it) = passage {
                let numbers = [optional(it.section), it.line.into(), it.start as u64, it.end as u64];
                numbers.into_iter().for_each(|n| out.number(n));
                out.number(it.is_code.into());
            }
        }
    }
}

fn read_unit(input: &mut Reader<'_>) -> Option<Unit> {
    match input.number()? {
        STATEMENT => Some(Unit::Statement { section: place(input)?, item: place(input)? }),
        PASSAGE => {
            let (document, section) = (place(input)?, read_optional(input)?);
            let passage = match input.number()? {
                0 => None,
                _ => Some(Passage {
                    section: read_optional(input)?,
                    line: input.small()?,
                    start: place(input)?,
                    end: place(input)?,
                    is_code: input.number()? != 0,
                }),
            };
            Some(Unit::Passage { document, section, passage })
        }
        _ => None,
    }
}

/// 0 is none.
fn optional(place: Option<usize>) -> u64 {
    place.map_or(0, |place| place as u64 + 1)
}

fn read_optional(input: &mut Reader<'_>) -> Option<Option<usize>> {
    Some(place(input)?.checked_sub(1))
}

fn place(input: &mut Reader<'_>) -> Option<usize> {
    usize::try_from(input.number()?).ok()
}
