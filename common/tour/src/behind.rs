//! How much of the repository runs behind each callable.

use docpack::EdgeKind;

use crate::code::Code;

/// What happens behind more callables than this is as good as any more.
const MAX_REACHED: usize = 64;
/// What is called from more places is a helper that a reader meets everywhere, and leads nowhere.
pub(crate) const MAX_CALLERS: usize = 12;

/// How many callables of the repository run when one does, helpers aside.
pub(crate) struct Behind {
    counts: Vec<u8>,
    helpers: Vec<bool>,
}

impl Behind {
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let callers = |at: usize| {
            let calls = code.reaching(at).iter().filter(|link| link.kind == EdgeKind::Calls);
            calls.filter(|link| code.is_ours(link.other)).count()
        };
        let helpers: Vec<bool> = code.all().map(|at| callers(at) > MAX_CALLERS).collect();
        // The last walk that met a symbol.
        let mut met = vec![usize::MAX; helpers.len()];
        let is_counted = |at: &usize| code.is_ours(*at) && code.is_callable(*at);
        let counts =
            code.all().map(|at| if is_counted(&at) { reached(code, &helpers, &mut met, at) } else { 0 });
        Self { counts: counts.collect(), helpers }
    }

    /// Returns how often the number of callables behind one doubles: 0 for none, 7 for very many.
    pub(crate) fn doublings(&self, at: usize) -> u32 {
        u8::BITS - self.counts[at].leading_zeros()
    }

    /// Tells whether so many places call the symbol that it tells nothing of any of them.
    pub(crate) fn is_helper(&self, at: usize) -> bool {
        self.helpers[at]
    }
}

fn reached(code: &Code<'_>, helpers: &[bool], met: &mut [usize], from: usize) -> u8 {
    let mut open = vec![from];
    met[from] = from;
    let mut n = 0;
    while let Some(at) = open.pop() {
        for link in code.leaving(at) {
            let is_followed = matches!(link.kind, EdgeKind::Calls | EdgeKind::References)
                && met[link.other] != from
                && code.is_ours(link.other)
                && code.is_callable(link.other);
            if !is_followed || n == MAX_REACHED {
                continue;
            }
            met[link.other] = from;
            if !helpers[link.other] {
                n += 1;
                open.push(link.other);
            }
        }
    }
    n as u8
}
