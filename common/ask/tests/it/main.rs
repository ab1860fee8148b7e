//! Questions about a small pack that is written out by hand.

mod answers;
mod composing;
mod pack;
