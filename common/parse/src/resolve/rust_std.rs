//! What methods of Rust's standard library give, as far as it decides which of the repository's own follow.

use crate::resolve::rust_types::{Ty, TyIdx, Types, UNKNOWN};

/// The types of the standard library that are told apart; others only lead outside.
const TYPES: &[&str] = &[
    "Arc",
    "AssertUnwindSafe",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Box",
    "Cell",
    "Cow",
    "DoubleEndedIterator",
    "Entry",
    "ExactSizeIterator",
    "Future",
    "HashMap",
    "HashSet",
    "IntoIterator",
    "Iterator",
    "LazyCell",
    "LazyLock",
    "LinkedList",
    "LockResult",
    "ManuallyDrop",
    "MutexGuard",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "Option",
    "Pin",
    "Rc",
    "Ref",
    "RefCell",
    "RefMut",
    "Result",
    "RwLock",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "Vec",
    "VecDeque",
];

/// Finds a type by the last part of its path.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    let name = TYPES.iter().find(|known| **known == name)?;
    Some(match *name {
        "DoubleEndedIterator" | "ExactSizeIterator" | "IntoIterator" => "Iterator",
        "LockResult" => "Result",
        name => name,
    })
}

/// Tells whether a type lends the members of its last argument.
pub(crate) fn lends(name: &str) -> bool {
    matches!(
        name,
        "Arc"
            | "AssertUnwindSafe"
            | "Box"
            | "Cow"
            | "Future"
            | "LazyCell"
            | "LazyLock"
            | "ManuallyDrop"
            | "MutexGuard"
            | "Pin"
            | "Rc"
            | "Ref"
            | "RefMut"
            | "RwLockReadGuard"
            | "RwLockWriteGuard"
    )
}

/// How a method's result follows from the type it is called on.
enum Gives {
    /// The type itself.
    Same,
    /// The argument of this number.
    Argument(usize),
    /// This type of that argument.
    Of(&'static str, usize),
    /// This type of something that isn't known.
    OfUnknown(&'static str),
    /// This type of pairs of the first two arguments.
    OfPairs(&'static str),
    /// An iterator over a number and the element.
    Numbered,
    Guarded,
    /// Something outside.
    Other,
}

use Gives::{Argument, Guarded, Numbered, Of, OfPairs, OfUnknown, Other, Same};

/// What calling a method gives; `None` for what the type does not have.
pub(crate) fn result(types: &mut Types, receiver: TyIdx, method: &str) -> Option<TyIdx> {
    let (name, arguments) = parts(types, receiver)?;
    let argument = |at: usize| arguments.get(at).copied().unwrap_or(UNKNOWN);
    Some(match gives(name, method)? {
        Same => receiver,
        Argument(at) => argument(at),
        Of(name, at) => types.intern(Ty::Std(name, vec![argument(at)])),
        OfUnknown(name) => types.intern(Ty::Std(name, vec![UNKNOWN])),
        OfPairs(name) => {
            let pair = types.intern(Ty::Tuple(vec![argument(0), argument(1)]));
            types.intern(Ty::Std(name, vec![pair]))
        }
        Numbered => {
            let pair = types.intern(Ty::Tuple(vec![UNKNOWN, argument(0)]));
            types.intern(Ty::Std("Iterator", vec![pair]))
        }
        Guarded => {
            let guard = types.intern(Ty::Std("MutexGuard", vec![argument(0)]));
            types.intern(Ty::Std("Result", vec![guard]))
        }
        Other => types.intern(Ty::Std("", Vec::new())),
    })
}

/// The name of a type and its arguments; slices are lists of the standard library.
fn parts(types: &Types, receiver: TyIdx) -> Option<(&'static str, Vec<TyIdx>)> {
    match types.get(receiver) {
        Ty::Std(name, arguments) => Some((name, arguments.clone())),
        Ty::Slice(element) => Some(("Vec", vec![*element])),
        _ => None,
    }
}

/// Tells whether a type has a method of its own, before it lends its content's.
pub(crate) fn has(types: &Types, receiver: TyIdx, method: &str) -> bool {
    parts(types, receiver).is_some_and(|(name, _)| gives(name, method).is_some())
}

fn gives(name: &str, method: &str) -> Option<Gives> {
    match name {
        "Option" => option(method),
        "Result" => result_type(method),
        "Vec" | "VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" | "BinaryHeap" => list(name, method),
        "HashMap" | "BTreeMap" => map(method),
        "Entry" => entry(method),
        "Iterator" => iterator(method),
        _ => cell(name, method),
    }
}

fn option(method: &str) -> Option<Gives> {
    Some(match method {
        "expect" | "get_or_insert" | "get_or_insert_with" | "insert" | "unwrap" | "unwrap_or"
        | "unwrap_or_default" | "unwrap_or_else" | "unwrap_unchecked" => Argument(0),
        "as_deref" | "as_deref_mut" | "as_mut" | "as_ref" | "as_pin_mut" | "as_pin_ref" | "clone"
        | "cloned" | "copied" | "filter" | "inspect" | "or" | "or_else" | "replace" | "take" | "take_if"
        | "xor" => Same,
        "context" | "ok_or" | "ok_or_else" | "with_context" => Of("Result", 0),
        "into_iter" | "iter" | "iter_mut" => Of("Iterator", 0),
        "flatten" => Argument(0),
        "and" | "and_then" | "map" | "zip" => OfUnknown("Option"),
        "is_none" | "is_none_or" | "is_some" | "is_some_and" => Other,
        "map_or" | "map_or_default" | "map_or_else" | "transpose" | "unzip" => Argument(usize::MAX),
        _ => return None,
    })
}

fn result_type(method: &str) -> Option<Gives> {
    Some(match method {
        "expect" | "into_ok" | "unwrap" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else"
        | "unwrap_unchecked" => Argument(0),
        "expect_err" | "into_err" | "unwrap_err" => Argument(1),
        "as_deref" | "as_deref_mut" | "as_mut" | "as_ref" | "clone" | "cloned" | "copied" | "inspect"
        | "inspect_err" => Same,
        "context" | "map_err" | "or" | "or_else" | "with_context" => Of("Result", 0),
        "ok" => Of("Option", 0),
        "err" => Of("Option", 1),
        "into_iter" | "iter" | "iter_mut" => Of("Iterator", 0),
        "and" | "and_then" | "map" => OfUnknown("Result"),
        "is_err" | "is_err_and" | "is_ok" | "is_ok_and" => Other,
        "map_or" | "map_or_default" | "map_or_else" | "transpose" => Argument(usize::MAX),
        _ => return None,
    })
}

fn list(name: &str, method: &str) -> Option<Gives> {
    let removes_at = matches!(name, "Vec");
    Some(match method {
        "drain" | "extract_if" | "into_iter" | "iter" | "iter_mut" => Of("Iterator", 0),
        "back" | "back_mut" | "first" | "first_mut" | "front" | "front_mut" | "get" | "get_mut" | "last"
        | "last_mut" | "peek" | "peek_mut" | "pop" | "pop_back" | "pop_front" => Of("Option", 0),
        "remove" | "swap_remove" if removes_at => Argument(0),
        "as_mut" | "as_mut_slice" | "as_ref" | "as_slice" | "clone" | "split_off" | "to_owned" | "to_vec" => {
            Same
        }
        "get_unchecked" | "get_unchecked_mut" => Argument(0),
        "append"
        | "capacity"
        | "clear"
        | "concat"
        | "contains"
        | "copy_from_slice"
        | "dedup"
        | "dedup_by"
        | "dedup_by_key"
        | "ends_with"
        | "extend"
        | "extend_from_slice"
        | "fill"
        | "insert"
        | "is_empty"
        | "join"
        | "len"
        | "push"
        | "push_back"
        | "push_front"
        | "remove"
        | "reserve"
        | "resize"
        | "retain"
        | "retain_mut"
        | "reverse"
        | "shrink_to_fit"
        | "sort"
        | "sort_by"
        | "sort_by_cached_key"
        | "sort_by_key"
        | "sort_unstable"
        | "sort_unstable_by"
        | "sort_unstable_by_key"
        | "starts_with"
        | "swap"
        | "truncate"
        | "binary_search"
        | "binary_search_by"
        | "binary_search_by_key"
        | "partition_point" => Other,
        _ => return None,
    })
}

fn map(method: &str) -> Option<Gives> {
    Some(match method {
        "get" | "get_mut" | "insert" | "remove" => Of("Option", 1),
        "into_values" | "values" | "values_mut" => Of("Iterator", 1),
        "into_keys" | "keys" => Of("Iterator", 0),
        "drain" | "into_iter" | "iter" | "iter_mut" | "range" => OfPairs("Iterator"),
        "first_key_value" | "get_key_value" | "last_key_value" | "pop_first" | "pop_last"
        | "remove_entry" => OfPairs("Option"),
        "entry" => Of("Entry", 1),
        "clone" => Same,
        "clear" | "contains_key" | "extend" | "is_empty" | "len" | "reserve" | "retain" => Other,
        _ => return None,
    })
}

fn entry(method: &str) -> Option<Gives> {
    Some(match method {
        "or_default" | "or_insert" | "or_insert_with" | "or_insert_with_key" => Argument(0),
        "and_modify" => Same,
        _ => return None,
    })
}

fn iterator(method: &str) -> Option<Gives> {
    Some(match method {
        "find" | "last" | "max" | "max_by" | "max_by_key" | "min" | "min_by" | "min_by_key" | "next"
        | "next_back" | "next_if" | "nth" | "nth_back" | "peek" | "peek_mut" | "reduce" => Of("Option", 0),
        "by_ref" | "chain" | "clone" | "cloned" | "copied" | "cycle" | "filter" | "fuse" | "inspect"
        | "into_iter" | "peekable" | "rev" | "skip" | "skip_while" | "step_by" | "take" | "take_while" => {
            Same
        }
        "enumerate" => Numbered,
        "filter_map" | "flat_map" | "flatten" | "map" | "map_while" | "scan" | "zip" => OfUnknown("Iterator"),
        "all" | "any" | "count" | "for_each" | "position" | "rposition" | "size_hint" => Other,
        "collect" | "fold" | "find_map" | "partition" | "product" | "sum" | "try_fold" | "try_for_each"
        | "unzip" => Argument(usize::MAX),
        _ => return None,
    })
}

fn cell(name: &str, method: &str) -> Option<Gives> {
    Some(match (name, method) {
        ("Mutex" | "RwLock", "lock" | "read" | "try_lock" | "try_read" | "try_write" | "write") => Guarded,
        ("Mutex" | "RwLock", "get_mut" | "into_inner") => Of("Result", 0),
        ("RefCell", "borrow" | "borrow_mut" | "get_mut" | "into_inner" | "replace" | "take") => Argument(0),
        ("RefCell", "try_borrow" | "try_borrow_mut") => Of("Result", 0),
        ("Cell", "get" | "get_mut" | "into_inner" | "replace" | "take") => Argument(0),
        ("Cell", "set") => Other,
        ("OnceCell" | "OnceLock", "get" | "get_mut" | "into_inner" | "take") => Of("Option", 0),
        ("OnceCell" | "OnceLock", "get_or_init") => Argument(0),
        ("Pin", "as_mut" | "as_ref") => Same,
        ("Pin", "get_mut" | "get_ref" | "get_unchecked_mut") => Argument(0),
        ("Cow", "into_owned" | "to_mut") => Argument(0),
        ("Arc" | "Rc" | "Box" | "Cow", "clone") => Same,
        ("Arc" | "Rc" | "Box" | "Cow", "as_ref" | "as_mut") => Argument(0),
        _ => return None,
    })
}

/// The type of a closure's parameter, by the method that the closure is handed to.
pub(crate) fn closure_parameter(
    types: &Types,
    receiver: TyIdx,
    method: &str,
    argument: u8,
    parameter: u8,
) -> Option<TyIdx> {
    let (name, arguments) = parts(types, receiver)?;
    let at = closure_takes(name, method, argument, parameter)?;
    arguments.get(at).copied()
}

fn closure_takes(name: &str, method: &str, argument: u8, parameter: u8) -> Option<usize> {
    let at = match (name, method, argument, parameter) {
        (
            "Option" | "Result",
            "and_then" | "filter" | "inspect" | "is_none_or" | "is_ok_and" | "is_some_and" | "map"
            | "take_if",
            0,
            0,
        )
        | ("Option" | "Result", "map_or" | "map_or_else", 1, 0) => 0,
        (
            "Result",
            "inspect_err" | "is_err_and" | "map_err" | "map_or_else" | "or_else" | "unwrap_or_else",
            0,
            0,
        ) => 1,
        (
            "Iterator",
            "all" | "any" | "filter" | "filter_map" | "find" | "find_map" | "flat_map" | "for_each"
            | "inspect" | "map" | "map_while" | "max_by_key" | "min_by_key" | "partition" | "position"
            | "rposition" | "skip_while" | "take_while" | "try_for_each" | "next_if",
            0,
            0,
        )
        | ("Iterator", "fold" | "scan" | "try_fold", 1, 1)
        | ("Iterator", "max_by" | "min_by" | "reduce", 0, 0 | 1) => 0,
        ("HashMap" | "BTreeMap", "retain", 0, 0 | 1) => usize::from(parameter),
        ("Entry", "and_modify", 0, 0) => 0,
        (
            "Vec" | "VecDeque" | "HashSet" | "BTreeSet",
            "retain"
            | "retain_mut"
            | "sort_by_key"
            | "sort_by_cached_key"
            | "sort_unstable_by_key"
            | "binary_search_by"
            | "partition_point"
            | "dedup_by_key",
            0,
            0,
        )
        | ("Vec" | "VecDeque", "sort_by" | "sort_unstable_by" | "dedup_by", 0, 0 | 1)
        | ("Vec" | "VecDeque", "binary_search_by_key", 1, 0) => 0,
        _ => return None,
    };
    Some(at)
}
