//! Whole-pipeline and layering tests live in `tests/it`.
