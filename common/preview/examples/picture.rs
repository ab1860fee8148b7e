//! Draws the picture of a pack: `cargo run -p doctown-preview --example picture PACK OUTPUT.png`.

use std::fs::File;

use docpack::{ReadLimits, entries, partial};
use doctown_preview::{Facts, Records, picture};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(pack), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("usage: picture PACK OUTPUT.png".into());
    };
    let name = pack.rsplit('/').next().unwrap_or(&pack).trim_end_matches(".docpack").to_owned();
    let mut pack = partial::Pack::open(File::open(&pack)?, ReadLimits::default())?;
    let quality = pack.record(entries::QUALITY)?;
    let tour = pack.records(&[entries::TOUR])?.tour;
    let manifest = pack.manifest();
    let facts = Facts::of(Records { name: &name, manifest, quality: &quality, tour: tour.as_ref() });
    std::fs::write(output, picture(&facts))?;
    Ok(())
}
