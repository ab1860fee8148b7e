mod hygiene;
mod overview;
mod prose;
mod secrets;
mod seeded;
mod summary;
