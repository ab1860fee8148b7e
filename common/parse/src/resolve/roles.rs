//! Roles that a file has because a manifest or another file says so.

use docpack::{Language, Role};
use model::role::FoundRole;

use crate::manifests::{Manifests, RoleRule};
use crate::resolve::modules;
use crate::resolve::repository::{FileIdx, Repository};
use crate::roles::BY_ATTRIBUTE;

/// A module lies at most this deep below its crate's root.
const MAX_MODULE_DEPTH: usize = 64;

/// Gives files the roles that others say they have; returns those that changed, in path order.
pub(crate) fn settle(repository: &mut Repository) -> Vec<(String, FoundRole)> {
    let found: Vec<Option<FoundRole>> =
        (0..repository.files.len() as FileIdx).map(|file| found(repository, file)).collect();
    let mut changed = Vec::new();
    for (file, found) in repository.files.iter_mut().zip(found) {
        if let Some(found) = found {
            changed.push((file.path.clone(), found.clone()));
            file.role = found;
        }
    }
    changed
}

fn found(repository: &Repository, file: FileIdx) -> Option<FoundRole> {
    let slim = repository.file(file);
    let by_manifest = || of_manifests(&repository.manifests, &slim.path, &slim.role);
    let by_module = || match slim.language {
        Language::Rust if slim.role.is_default() => test_module(repository, file),
        // A name is a guess, a module of the product is not: `backend/test.rs` may be what others test with.
        Language::Rust if slim.role.is_support() => product_module(repository, file),
        _ => None,
    };
    let is_news = |found: &FoundRole| found.role != slim.role.role || is_program(found);
    by_manifest().or_else(by_module).filter(is_news)
}

/// Tells whether the product compiles a Rust file, such as `src/benchmark/mod.rs` of a program that measures others.
fn product_module(repository: &Repository, file: FileIdx) -> Option<FoundRole> {
    if test_module(repository, file).is_some() {
        return None;
    }
    let up = |at: &FileIdx| modules::rust_parent(repository, *at);
    let mut chain = std::iter::successors(Some(file), up).take(MAX_MODULE_DEPTH);
    // Its own attribute is no guess, nor is that of a module around it.
    let settled = chain.find(|at| {
        let role = &repository.file(*at).role;
        role.is_default() || role.reason.starts_with(BY_ATTRIBUTE)
    })?;
    let product = Some(settled).filter(|at| repository.file(*at).role.is_default())?;
    Some(FoundRole::new(Role::Product, format!("module:{}", repository.file(product).path)))
}

/// Tells whether a manifest installs the file as a program; that it is the product was known before.
fn is_program(found: &FoundRole) -> bool {
    found.role == Role::Product && found.reason.starts_with("manifest:program ")
}

/// Finds the most telling rule: one that names the file, else the innermost folder that one names.
fn of_manifests(manifests: &Manifests, path: &str, own: &FoundRole) -> Option<FoundRole> {
    // What a package installs as a program is its product, though it is run like a script.
    let is_told = |rule: &&RoleRule| {
        rule.is_certain || own.is_default() || rule.is_program() && own.role == Role::Script
    };
    if let Some(rule) = manifests.roles.get(path).filter(is_told) {
        return Some(rule.found.clone());
    }
    let mut folders = path.match_indices('/').map(|(at, _)| &path[..=at]).rev();
    let applies = |rule: &&RoleRule| own.is_default() && path.ends_with(rule.ending);
    folders.find_map(|folder| manifests.roles.get(folder).filter(applies)).map(|rule| rule.found.clone())
}

/// Tells whether a Rust file, or one that holds it as a module, is compiled for tests alone.
fn test_module(repository: &Repository, file: FileIdx) -> Option<FoundRole> {
    let mut at = file;
    for _ in 0..MAX_MODULE_DEPTH {
        let parent = modules::rust_parent(repository, at)?;
        let name = repository.words.known(modules::rust_module_name(&repository.file(at).path)?.1)?;
        if repository.file(parent).test_modules.contains(&name) {
            return Some(FoundRole::new(Role::Test, "attribute:#[cfg(test)]"));
        }
        at = parent;
    }
    None
}
