//! Tours of small repositories that are written out by hand.

mod diagrams;
mod flows;
mod insights;
mod repository;
mod sections;
mod text;
