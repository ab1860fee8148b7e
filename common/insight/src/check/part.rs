//! Claims about a folder or the whole repository against the graph.

use model::context::{ModuleContext, Neighbour, RepositoryContext};

use super::claim::{Claim, Fact, PartClaim, same_name, unfounded};
use crate::finding::Finding;
use crate::wording::code;

/// What a text is about: a folder, or the whole where there is none.
#[derive(Clone, Copy)]
pub(super) struct Part<'c> {
    pub(super) repository: &'c RepositoryContext,
    pub(super) module: Option<&'c ModuleContext>,
}

/// Decides a claim; a claim that names another folder is decided for that one.
pub(super) fn decide(claim: &Claim, subject: Part<'_>) -> Result<Fact<PartClaim>, Finding> {
    let Some(kind) = PartClaim::from_word(&claim.kind) else {
        return Err(unfounded(claim, "there is no such kind of claim"));
    };
    let Some(part) = subject.named(&claim.value) else {
        return Err(unfounded(claim, "there is no such folder"));
    };
    let name = claim.name.trim_matches('`');
    let found = match kind {
        PartClaim::WrittenIn => part.language(name),
        PartClaim::EntryPoint => symbol(&part.entry_points(), name),
        PartClaim::Central => symbol(&part.central(), name),
        PartClaim::Contains => part.contains(name),
        PartClaim::DependsOn => part.other_folder(name, |from, to, other| from == part.path() && to == other),
        PartClaim::UsedBy => part.other_folder(name, |from, to, other| to == part.path() && from == other),
        PartClaim::UsesPackage => part.package(name),
    };
    let Some(object) = found else { return Err(unfounded(claim, "the graph does not show it")) };
    let condition = match part.module {
        Some(module) if subject.module.is_none_or(|own| own.path != module.path) => {
            format!(" (of {})", code(&module.path))
        }
        _ => String::new(),
    };
    let evidence = format!("{}:{}", kind.as_str(), object.trim_matches('`'));
    Ok(Fact { kind, object, condition, evidence })
}

fn symbol(among: &[&Neighbour], name: &str) -> Option<String> {
    among.iter().find(|it| same_name(&it.display_name, name)).map(|it| code(&it.display_name))
}

fn same_folder(a: &str, b: &str) -> bool {
    let plain = |path: &str| path.trim_matches('`').trim_end_matches('/').trim_start_matches("./").to_owned();
    plain(a) == plain(b)
}

/// Whether a path lies in a folder.
fn is_within(path: &str, folder: &str) -> bool {
    folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

impl<'c> Part<'c> {
    /// The part that a claim is about: itself where it names none.
    fn named(self, path: &str) -> Option<Self> {
        if path.is_empty() || self.module.is_some_and(|own| same_folder(&own.path, path)) {
            return Some(self);
        }
        let module = self.repository.modules.iter().find(|it| same_folder(&it.path, path))?;
        Some(Self { module: Some(module), ..self })
    }

    fn path(self) -> &'c str {
        self.module.map_or("", |module| module.path.as_str())
    }

    fn language(self, name: &str) -> Option<String> {
        let all = self.repository.languages.iter().map(|share| share.language);
        let own: Vec<_> = self.module.map_or_else(|| all.collect(), |module| module.languages.clone());
        own.iter().find(|it| it.as_str().eq_ignore_ascii_case(name)).map(|it| it.as_str().to_owned())
    }

    fn central(self) -> Vec<&'c Neighbour> {
        self.module.map_or(&self.repository.central, |module| &module.central).iter().collect()
    }

    fn entry_points(self) -> Vec<&'c Neighbour> {
        let is_own =
            |it: &&Neighbour| self.module.is_none_or(|module| is_within(&it.file_path, &module.path));
        self.repository.entry_points.iter().filter(is_own).collect()
    }

    fn contains(self, name: &str) -> Option<String> {
        let folders = self.repository.modules.iter().filter(|it| {
            same_folder(&it.path, name) && self.module.is_none_or(|own| is_within(&it.path, &own.path))
        });
        let labels: Vec<&String> = match self.module {
            Some(module) => module.cluster_labels.iter().collect(),
            None => self.repository.clusters.iter().map(|cluster| &cluster.label).collect(),
        };
        let group = || labels.into_iter().find(|label| label.eq_ignore_ascii_case(name)).cloned();
        let found = folders.map(|it| code(&it.path)).next();
        found.or_else(|| symbol(&self.symbols(), name)).or_else(group)
    }

    /// The symbols that are told of the part, and of the folders within it.
    fn symbols(self) -> Vec<&'c Neighbour> {
        let is_own = |it: &&ModuleContext| {
            self.module.is_none_or(|own| own.path == it.path || is_within(&it.path, &own.path))
        };
        let of_folders = self.repository.modules.iter().filter(is_own).flat_map(|it| &it.central);
        of_folders.chain(self.central()).collect()
    }

    /// A folder on the other side of a dependency.
    fn other_folder(self, name: &str, is_pair: impl Fn(&str, &str, &str) -> bool) -> Option<String> {
        let folder = self.repository.modules.iter().find(|it| same_folder(&it.path, name))?;
        let other = folder.path.as_str();
        let listed = self.module.is_some_and(|own| {
            own.depends_on.iter().any(|it| it == other) && is_pair(&own.path, other, other)
                || own.used_by.iter().any(|it| it == other) && is_pair(other, &own.path, other)
        });
        let coupled = self.repository.coupling.iter().any(|pair| is_pair(&pair.from, &pair.to, other));
        (listed || coupled).then(|| code(other))
    }

    fn package(self, name: &str) -> Option<String> {
        // Which folder calls a package is not told.
        if self.module.is_some() {
            return None;
        }
        let mut used = self.repository.external.iter();
        used.find(|it| it.package.eq_ignore_ascii_case(name)).map(|it| code(&it.package))
    }
}
