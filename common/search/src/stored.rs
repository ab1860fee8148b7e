//! An index as bytes, so that it is made once for many queries.

use std::collections::BTreeMap;

use crate::bytes::{Reader, Writer};
use crate::index::{Facts, Index, Posting};
use crate::names::Names;

/// Changes with the bytes and with the rules that words and weights follow; other forms are not read.
const FORM: u64 = 1;

impl Index {
    /// Writes the index for [`Index::read`]; equal indexes give equal bytes.
    pub fn write(&self, out: &mut Writer) {
        out.number(FORM);
        out.list(self.facts.iter(), |out, facts| {
            out.bytes.extend_from_slice(&facts.prior.to_bits().to_le_bytes());
            out.bytes.extend_from_slice(&[facts.role, facts.n_name_stems]);
        });
        self.names.write(out);
        out.list(self.postings.iter(), |out, (stem, postings)| {
            out.text(stem);
            let mut last = 0;
            out.list(postings.iter(), |out, posting| {
                // Documents ascend, so most differences are a byte.
                out.number(u64::from(posting.document - last));
                out.number(posting.weight.into());
                out.number(posting.fields.into());
                last = posting.document;
            });
        });
    }

    /// Reads an index; `None` where the bytes are no index of this version.
    pub fn read(input: &mut Reader<'_>) -> Option<Self> {
        if input.number()? != FORM {
            return None;
        }
        let facts = input.list(|input| {
            let prior = f64::from_bits(u64::from_le_bytes(input.take(8)?.try_into().ok()?));
            let [role, n_name_stems] = *input.take(2)? else { return None };
            Some(Facts { prior, role, n_name_stems })
        })?;
        let names = Names::read(input, facts.len())?;
        let postings = input.list(|input| {
            let stem: Box<str> = input.text()?.into();
            let mut last: u32 = 0;
            let postings = input.list(|input| {
                last = last.checked_add(input.small()?).filter(|place| (*place as usize) < facts.len())?;
                let weight = input.small()?.try_into().ok()?;
                Some(Posting { document: last, weight, fields: input.small()?.try_into().ok()? })
            })?;
            Some((stem, postings))
        })?;
        let postings: BTreeMap<_, _> = postings.into_iter().collect();
        Some(Self::of_parts(postings, names, facts))
    }
}

impl Names {
    fn write(&self, out: &mut Writer) {
        for names in [&self.names, &self.qualified, &self.initials] {
            names.iter().for_each(|name| out.text(name));
        }
        out.list(self.by_letters.iter(), |out, (letters, places)| {
            out.text(letters);
            out.list(places.iter(), |out, place| out.number((*place).into()));
        });
    }

    fn read(input: &mut Reader<'_>, n_documents: usize) -> Option<Self> {
        let mut texts = || (0..n_documents).map(|_| input.text().map(Box::from)).collect::<Option<Vec<_>>>();
        let (names, qualified, initials) = (texts()?, texts()?, texts()?);
        let by_letters = input
            .list(|input| Some((Box::from(input.text()?), input.list(|input| input.below(n_documents))?)))?;
        Some(Self { by_letters: by_letters.into_iter().collect(), names, qualified, initials })
    }
}
