//! What a link to a pack shows where it is shared: a title, a description and a picture.
//!
//! In: a pack's manifest, quality and tour ([`Records`]), and the [`Place`] in the pack that a link leads to. Out:
//! [`Words`], the [`head`] of a web page that has them, and the [`picture`] as a PNG of 1200 by 630 pixels.
//! Everything comes from the pack; the same pack gives the same words and the same picture. This crate does no I/O.

mod canvas;
mod chart;
mod facts;
mod head;
mod layered;
mod picture;
mod place;

pub use facts::{Facts, Records, Words};
pub use head::{Links, escaped, head, with_head};
pub use picture::{HEIGHT, WIDTH, picture};
pub use place::Place;
