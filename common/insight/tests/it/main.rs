mod overview;
mod prose;
mod summary;
