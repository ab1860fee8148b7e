//! Tours of small repositories that are written out by hand.

mod diagrams;
mod documents;
mod flows;
mod insights;
mod programs;
mod repository;
mod sections;
mod text;
