//! What the source defines, and where.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::neutral::{Definition, Place};
use crate::types::{self, Head};

/// A line and a column, both from 1, as the compiler counts.
pub type Point = (usize, usize);

/// Lines that only some configurations compile.
pub struct Optional {
    pub path: String,
    pub lines: (usize, usize),
}

/// A use of a macro that the folder defines.
pub struct Expansion {
    pub path: String,
    pub name: String,
    pub at: Point,
    pub end_line: usize,
}

/// A function with a body.
pub struct Function {
    pub place: Place,
    pub body: (Point, Point),
    /// The trait that it is the default of.
    pub of_trait: Option<String>,
}

pub struct Impl {
    pub of_trait: String,
    pub of_type: Head,
    pub arguments: Vec<Head>,
    pub methods: BTreeMap<String, Place>,
}

#[derive(Default)]
pub struct Source {
    pub files: Vec<String>,
    pub definitions: Vec<Definition>,
    /// By path, in the order of the text.
    pub functions: BTreeMap<String, Vec<Function>>,
    pub impls: Vec<Impl>,
    /// Of every trait by its name and a method's, the method; of traits with one name, all.
    pub trait_methods: BTreeMap<(String, String), Vec<Place>>,
    pub foreign: BTreeMap<String, Vec<Place>>,
    /// Structs, enums and unions by name.
    pub types: BTreeMap<String, Vec<Place>>,
    /// Of every enum by its name, the variants in order.
    pub variants: BTreeMap<String, Vec<Vec<Place>>>,
    pub macros: BTreeMap<String, Vec<Place>>,
    pub expansions: Vec<Expansion>,
    pub optional: Vec<Optional>,
}

/// Adds a file's definitions to those of the files before.
pub fn add(source: &mut Source, path: &str, text: &str) -> syn::Result<()> {
    let file = syn::parse_file(text)?;
    source.files.push(path.to_owned());
    let end_line = text.lines().count().max(1);
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned();
    source.definitions.push(Definition { path: path.to_owned(), line: 0, end_line, name, kind: "module" });
    source.functions.insert(path.to_owned(), Vec::new());
    let tokens = text.parse().map_err(syn::Error::from)?;
    expansions(tokens, path, &mut source.expansions);
    Lister { source, path, lines: text.lines().collect(), around: Around::Nothing }.visit_file(&file);
    Ok(())
}

/// What a method belongs to.
#[derive(Clone)]
enum Around {
    Nothing,
    Trait(String),
    /// The number of the impl of a trait, if it is of one.
    Impl(Option<usize>),
}

struct Lister<'a> {
    source: &'a mut Source,
    path: &'a str,
    lines: Vec<&'a str>,
    around: Around,
}

impl Lister<'_> {
    fn add(&mut self, name: &syn::Ident, whole: Span, kind: &'static str) -> Place {
        let place = Place(self.path.to_owned(), name.span().start().line);
        let name = name.to_string().trim_start_matches("r#").to_owned();
        let definition =
            Definition { path: self.path.to_owned(), line: place.1, end_line: whole.end().line, name, kind };
        self.source.definitions.push(definition);
        place
    }

    fn function(&mut self, signature: &syn::Signature, block: Option<&syn::Block>, whole: Span) {
        let kind = if matches!(self.around, Around::Nothing) { "function" } else { "method" };
        let place = self.add(&signature.ident, whole, kind);
        let name = signature.ident.to_string();
        let mut of_trait = None;
        match &self.around {
            Around::Trait(owner) => {
                of_trait = Some(owner.clone());
                self.source.trait_methods.entry((owner.clone(), name)).or_default().push(place.clone());
            }
            Around::Impl(Some(number)) => {
                self.source.impls[*number].methods.insert(name, place.clone());
            }
            Around::Impl(None) | Around::Nothing => {}
        }
        if let Some(block) = block {
            let body = (point(block.brace_token.span.open()), point(block.brace_token.span.close()));
            let functions = self.source.functions.entry(self.path.to_owned()).or_default();
            functions.push(Function { place, body, of_trait });
        }
    }

    fn within(&mut self, around: Around, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.around, around);
        visit(self);
        self.around = before;
    }

    fn fields(&mut self, fields: &syn::Fields) {
        for field in fields {
            if let Some(name) = &field.ident {
                self.add(name, field.span(), "field");
            }
        }
    }

    fn r#type(&mut self, name: &syn::Ident, whole: Span, kind: &'static str) {
        let place = self.add(name, whole, kind);
        self.source.types.entry(name.to_string()).or_default().push(place);
    }

    fn optional(&mut self, node: Span) {
        let (start, end) = (node.start(), node.end().line);
        let line = self.lines.get(start.line - 1).copied().unwrap_or_default();
        if line.chars().skip(start.column).collect::<String>().starts_with("#[cfg(") {
            self.source.optional.push(Optional { path: self.path.to_owned(), lines: (start.line, end) });
        }
    }

    /// Items that are a macro's argument are compiled where they stand, if the macro gives them on.
    fn items(&mut self, tokens: &TokenStream) {
        if let Some(items) = all::<syn::Item>(tokens) {
            items.iter().for_each(|item| self.visit_item(item));
            return;
        }
        for tree in tokens.clone() {
            if let TokenTree::Group(group) = tree {
                self.items(&group.stream());
            }
        }
    }
}

/// Finds `name!(..)` everywhere but in what `macro_rules!` defines, where it is no use yet.
fn expansions(tokens: TokenStream, path: &str, found: &mut Vec<Expansion>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let before = |back: usize| at.checked_sub(back).and_then(|at| trees.get(at));
        let is_sign = |back| matches!(before(back), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
        if let (Some(TokenTree::Ident(name)), true) = (before(2), is_sign(1)) {
            let (at, end_line) = (point(name.span()), group.span_close().end().line);
            found.push(Expansion { path: path.to_owned(), name: name.to_string(), at, end_line });
        }
        // `macro_rules! name {..}`
        if !is_sign(2) || !matches!(before(3), Some(TokenTree::Ident(name)) if name == "macro_rules") {
            expansions(group.stream(), path, found);
        }
    }
}

fn point(span: Span) -> Point {
    (span.start().line, span.start().column + 1)
}

/// The tokens as a sequence of one kind, if they are that, and not empty.
fn all<T: Parse>(tokens: &TokenStream) -> Option<Vec<T>> {
    let sequence = |input: ParseStream| {
        let mut found = Vec::new();
        while !input.is_empty() {
            found.push(input.parse::<T>()?);
        }
        Ok(found)
    };
    sequence.parse2(tokens.clone()).ok().filter(|found| !found.is_empty())
}

fn type_parameters(generics: &syn::Generics) -> BTreeSet<String> {
    generics.type_params().map(|parameter| parameter.ident.to_string()).collect()
}

fn impl_of(node: &syn::ItemImpl) -> Option<Impl> {
    let (_, of_trait, _) = node.trait_.as_ref()?;
    let parameters = type_parameters(&node.generics);
    let last = of_trait.segments.last()?;
    let mut arguments = Vec::new();
    if let syn::PathArguments::AngleBracketed(written) = &last.arguments {
        for argument in &written.args {
            if let syn::GenericArgument::Type(argument) = argument {
                arguments.push(types::of_syntax(argument, &parameters));
            }
        }
    }
    let of_type = types::of_syntax(&node.self_ty, &parameters);
    Some(Impl { of_trait: last.ident.to_string(), of_type, arguments, methods: BTreeMap::new() })
}

impl<'ast> Visit<'ast> for Lister<'_> {
    fn visit_item(&mut self, node: &'ast syn::Item) {
        self.optional(node.span());
        visit::visit_item(self, node);
    }

    fn visit_stmt(&mut self, node: &'ast syn::Stmt) {
        self.optional(node.span());
        visit::visit_stmt(self, node);
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        self.optional(node.span());
        visit::visit_arm(self, node);
    }

    fn visit_expr(&mut self, node: &'ast syn::Expr) {
        self.optional(node.span());
        visit::visit_expr(self, node);
    }

    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        self.optional(node.span());
        visit::visit_field_value(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.within(Around::Nothing, |this| {
            this.function(&node.sig, Some(&node.block), node.span());
            visit::visit_item_fn(this, node);
        });
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.function(&node.sig, Some(&node.block), node.span());
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        self.function(&node.sig, node.default.as_ref(), node.span());
        visit::visit_trait_item_fn(self, node);
    }

    fn visit_foreign_item_fn(&mut self, node: &'ast syn::ForeignItemFn) {
        let place = self.add(&node.sig.ident, node.span(), "function");
        self.source.foreign.entry(node.sig.ident.to_string()).or_default().push(place);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let number = impl_of(node).map(|found| {
            self.source.impls.push(found);
            self.source.impls.len() - 1
        });
        self.within(Around::Impl(number), |this| visit::visit_item_impl(this, node));
    }

    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        self.add(&node.ident, node.span(), "trait");
        self.within(Around::Trait(node.ident.to_string()), |this| visit::visit_item_trait(this, node));
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        self.r#type(&node.ident, node.span(), "struct");
        self.fields(&node.fields);
        visit::visit_item_struct(self, node);
    }

    fn visit_item_union(&mut self, node: &'ast syn::ItemUnion) {
        self.r#type(&node.ident, node.span(), "struct");
        for field in &node.fields.named {
            if let Some(name) = &field.ident {
                self.add(name, field.span(), "field");
            }
        }
        visit::visit_item_union(self, node);
    }

    fn visit_item_enum(&mut self, node: &'ast syn::ItemEnum) {
        self.r#type(&node.ident, node.span(), "enum");
        let mut variants = Vec::new();
        for variant in &node.variants {
            variants.push(self.add(&variant.ident, variant.span(), "field"));
            self.fields(&variant.fields);
        }
        self.source.variants.entry(node.ident.to_string()).or_default().push(variants);
        visit::visit_item_enum(self, node);
    }

    fn visit_item_type(&mut self, node: &'ast syn::ItemType) {
        self.add(&node.ident, node.span(), "type");
        visit::visit_item_type(self, node);
    }

    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        if node.ident != "_" {
            self.add(&node.ident, node.span(), "constant");
        }
        visit::visit_item_const(self, node);
    }

    fn visit_item_static(&mut self, node: &'ast syn::ItemStatic) {
        self.add(&node.ident, node.span(), "constant");
        visit::visit_item_static(self, node);
    }

    fn visit_impl_item_const(&mut self, node: &'ast syn::ImplItemConst) {
        self.add(&node.ident, node.span(), "constant");
        visit::visit_impl_item_const(self, node);
    }

    fn visit_trait_item_const(&mut self, node: &'ast syn::TraitItemConst) {
        self.add(&node.ident, node.span(), "constant");
        visit::visit_trait_item_const(self, node);
    }

    fn visit_impl_item_type(&mut self, node: &'ast syn::ImplItemType) {
        self.add(&node.ident, node.span(), "type");
    }

    fn visit_trait_item_type(&mut self, node: &'ast syn::TraitItemType) {
        self.add(&node.ident, node.span(), "type");
    }

    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if node.content.is_some() {
            self.add(&node.ident, node.span(), "module");
        }
        visit::visit_item_mod(self, node);
    }

    fn visit_item_macro(&mut self, node: &'ast syn::ItemMacro) {
        match &node.ident {
            Some(name) => {
                let place = self.add(name, node.span(), "macro");
                self.source.macros.entry(name.to_string()).or_default().push(place);
            }
            None => self.within(Around::Nothing, |this| this.items(&node.mac.tokens)),
        }
    }

    fn visit_stmt_macro(&mut self, node: &'ast syn::StmtMacro) {
        if let Some(items) = all::<syn::Item>(&node.mac.tokens) {
            self.within(Around::Nothing, |this| items.iter().for_each(|item| this.visit_item(item)));
        }
    }

    fn visit_impl_item_macro(&mut self, node: &'ast syn::ImplItemMacro) {
        if let Some(items) = all::<syn::ImplItem>(&node.mac.tokens) {
            items.iter().for_each(|item| self.visit_impl_item(item));
        }
    }

    fn visit_trait_item_macro(&mut self, node: &'ast syn::TraitItemMacro) {
        if let Some(items) = all::<syn::TraitItem>(&node.mac.tokens) {
            items.iter().for_each(|item| self.visit_trait_item(item));
        }
    }
}
