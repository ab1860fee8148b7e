//! Source bytes to facts: symbols, references, imports, chunks, edges.
