//! What variables are set to after they are declared, for languages that say so by `name = value`.

use foldhash::{HashSet, HashSetExt};

use model::facts::{Binding, BindingTarget, ScopeIdx, ScopeKind};

use crate::pass::Pass;

/// A variable is looked for in this many scopes; code nested deeper is generated.
const MAX_SCOPES_UP: usize = 64;

/// `name = value`, as met; the variable's scope is known when the whole file has been read.
#[derive(Debug)]
pub(crate) struct Assignment {
    name: String,
    scope: ScopeIdx,
    byte_start: u32,
    value: Option<String>,
}

impl Pass<'_> {
    /// Records what a name is set to here.
    pub(crate) fn assign(&mut self, name: String, byte_start: u32, value: Option<String>) {
        if !self.narrowings.is_empty() {
            self.widen(&name);
        }
        self.assignments.push(Assignment { name, scope: self.state.scope, byte_start, value });
    }

    /// Binds in another scope what is set here.
    pub(crate) fn assign_in(
        &mut self,
        scope: ScopeIdx,
        name: String,
        byte_start: u32,
        value: Option<String>,
    ) {
        let target = BindingTarget::Assigned { scope: self.state.scope, value };
        self.facts.bindings.push(Binding { scope, name, byte_start, target });
    }

    /// The scope of the innermost function, module or file, where `var` declares.
    pub(crate) fn function_scope(&self) -> ScopeIdx {
        let scopes = &self.facts.scopes;
        let mut scope = self.state.scope;
        while scopes[scope as usize].kind == ScopeKind::Block {
            match scopes[scope as usize].parent {
                Some(parent) if scopes[parent as usize].kind != ScopeKind::Type => scope = parent,
                _ => break,
            }
        }
        scope
    }

    /// Gives every assignment to the innermost scope around it that binds the name.
    pub(crate) fn bind_assignments(&mut self) {
        if self.assignments.is_empty() {
            return;
        }
        let assignments = std::mem::take(&mut self.assignments);
        let scopes = &self.facts.scopes;
        let names: HashSet<&str> = assignments.iter().map(|assigned| assigned.name.as_str()).collect();
        let mut homes: HashSet<(ScopeIdx, &str)> = HashSet::new();
        for binding in &self.facts.bindings {
            let is_member = scopes[binding.scope as usize].kind == ScopeKind::Type;
            if let Some(name) = names.get(binding.name.as_str()).filter(|_| !is_member) {
                homes.insert((binding.scope, name));
            }
        }
        let mut found = Vec::new();
        for assigned in &assignments {
            let up = std::iter::successors(Some(assigned.scope), |scope| scopes[*scope as usize].parent);
            let home = up.take(MAX_SCOPES_UP).find(|scope| homes.contains(&(*scope, assigned.name.as_str())));
            found.extend(home.map(|scope| Binding {
                scope,
                name: assigned.name.clone(),
                byte_start: assigned.byte_start,
                target: BindingTarget::Assigned { scope: assigned.scope, value: assigned.value.clone() },
            }));
        }
        self.facts.bindings.extend(found);
    }
}
