//! Tells what rustc knows of a package: its definitions and the calls between them.
//!
//! ```text
//! cargo rustc --lib --profile test -- -Zunpretty=thir-tree | truth FOLDER > neutral.json
//! ```
//!
//! Standard input is the typed tree (THIR) of every body of the crate, as the compiler built it after its type check:
//! each call names the function that it reaches, with its type arguments, and the place in the source. The syntax
//! trees of FOLDER give the definitions; a body is found again by where its block begins.
//!
//! Each call site is judged for itself:
//!
//! - A function, an inherent method, and a trait's method on a type for which just one impl is written, are edges:
//!   to the impl's method, or to the trait's own where the impl leaves its default.
//! - A trait's method on a type parameter, `dyn` or opaque type is dynamic: "declared" is the trait's own method,
//!   "candidates" are that and every impl's. So is one on a type with several impls, generic ones among them.
//! - A called value (closure, function pointer, parameter) is dynamic without candidates: anything goes on that line.
//! - A call whose tokens stand in a macro's definition, or that `?`, `for` and `.await` stand for, is dynamic with its
//!   target as the only candidate and no line: it is there, but not in the text of the caller.
//! - A call of a function that a macro wrote is dynamic without candidates. Operators and derefs are no calls.
//! - A line under a `cfg` of its own, or given to a macro of the folder, from which nothing was compiled, is dynamic
//!   without candidates. So is, with its candidates, a method on a type that shares its name with one of the folder.
//! - A struct or variant that is made, by a literal or as a tuple, is told under "constructs", and a use of a macro
//!   of the folder, by its name, under "expansions"; neither calls a function.
//!
//! The caller is the innermost function of the source around the site. Functions that were not compiled (other
//! targets, features or platforms) are "unjudged", and the top level of files that hold no compiled body.
//!
//! Definitions are those of the syntax tree, whatever `cfg` says: functions, methods, types, traits, fields with a
//! name, variants (as fields), constants, statics, modules, macros; nested ones too, and those among a macro's
//! arguments where these are items. Each file is one module at line 0.

mod bodies;
#[cfg(test)]
mod fixture;
mod neutral;
mod resolve;
mod syntax;
mod types;
mod walk;

use std::io::BufRead;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: truth FOLDER < TREE");
        return ExitCode::from(2);
    };
    match run(Path::new(&folder), std::io::stdin().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, tree: impl BufRead) -> std::io::Result<()> {
    let source = walk::read(folder)?;
    let bodies = bodies::read(tree)?;
    let told = resolve::resolve(source, bodies);
    serde_json::to_writer(std::io::stdout().lock(), &told)?;
    Ok(())
}
