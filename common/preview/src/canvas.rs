//! Shapes and text as pixels.

use tiny_skia::{Color, FillRule, LineCap, Paint, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};
use ttf_parser::{Face, OutlineBuilder};

use crate::layered::Point;

/// How far the handles of a curve are from its ends, for a quarter of a circle.
const ROUND: f32 = 0.552_284_8;

/// No picture has room for more letters side by side.
const MAX_FITTED: usize = 200;

/// A colour as the website's style sheet writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u32);

impl Rgb {
    fn channels(self) -> [u8; 3] {
        let [_, red, green, blue] = self.0.to_be_bytes();
        [red, green, blue]
    }

    fn paint(self) -> Paint<'static> {
        let [red, green, blue] = self.channels();
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, u8::MAX);
        paint
    }
}

/// A rectangle with round corners.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rectangle {
    pub(crate) at: Point,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) radius: f32,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) colour: Rgb,
    pub(crate) width: f32,
    pub(crate) is_dashed: bool,
}

/// A picture that is drawn on.
pub(crate) struct Canvas(Pixmap);

impl Canvas {
    pub(crate) fn new(width: u32, height: u32, background: Rgb) -> Self {
        let mut pixmap = Pixmap::new(width, height).expect("a picture has a size, as `picture` has it");
        let [red, green, blue] = background.channels();
        pixmap.fill(Color::from_rgba8(red, green, blue, u8::MAX));
        Self(pixmap)
    }

    pub(crate) fn rectangle(&mut self, rectangle: Rectangle, fill: Rgb, outline: Option<Pen>) {
        let mut path = PathBuilder::new();
        round_rectangle(&mut path, rectangle);
        self.fill(path, fill, outline);
    }

    /// Fills a closed shape of straight lines.
    pub(crate) fn polygon(&mut self, points: &[Point], fill: Rgb) {
        let mut path = PathBuilder::new();
        for (at, point) in points.iter().enumerate() {
            if at == 0 { path.move_to(point.x, point.y) } else { path.line_to(point.x, point.y) }
        }
        path.close();
        self.fill(path, fill, None);
    }

    /// Draws a line through points, upright at each.
    pub(crate) fn curve(&mut self, points: &[Point], pen: Pen) {
        let mut path = PathBuilder::new();
        for (at, point) in points.iter().enumerate() {
            match at.checked_sub(1).map(|before| points[before]) {
                None => path.move_to(point.x, point.y),
                Some(before) => {
                    let half = (before.y + point.y) / 2.0;
                    path.cubic_to(before.x, half, point.x, half, point.x, point.y);
                }
            }
        }
        self.stroke(path, pen);
    }

    /// Draws straight lines from point to point.
    pub(crate) fn lines(&mut self, points: &[Point], pen: Pen) {
        let mut path = PathBuilder::new();
        for (at, point) in points.iter().enumerate() {
            if at == 0 { path.move_to(point.x, point.y) } else { path.line_to(point.x, point.y) }
        }
        self.stroke(path, pen);
    }

    /// Writes a text from its left end on.
    pub(crate) fn text(&mut self, text: &str, at: Point, font: &Font<'_>, size: f32, colour: Rgb) {
        let mut glyphs = Glyphs { path: PathBuilder::new(), scale: font.scale(size), x: at.x, y: at.y };
        for c in text.chars() {
            let Some(glyph) = font.0.glyph_index(c) else { continue };
            // A space has no outline.
            let _ = font.0.outline_glyph(glyph, &mut glyphs);
            glyphs.x += font.advance(c) * glyphs.scale;
        }
        self.fill(glyphs.path, colour, None);
    }

    /// Returns the picture as a PNG.
    pub(crate) fn png(&self) -> Vec<u8> {
        self.0.encode_png().expect("memory takes it")
    }

    fn fill(&mut self, path: PathBuilder, fill: Rgb, outline: Option<Pen>) {
        // A text of spaces alone has no path.
        let Some(path) = path.finish() else { return };
        self.0.fill_path(&path, &fill.paint(), FillRule::Winding, Transform::identity(), None);
        if let Some(pen) = outline {
            self.0.stroke_path(&path, &pen.colour.paint(), &stroke(pen), Transform::identity(), None);
        }
    }

    fn stroke(&mut self, path: PathBuilder, pen: Pen) {
        let Some(path) = path.finish() else { return };
        self.0.stroke_path(&path, &pen.colour.paint(), &stroke(pen), Transform::identity(), None);
    }
}

fn stroke(pen: Pen) -> Stroke {
    let dash = pen.is_dashed.then(|| StrokeDash::new(vec![3.0 * pen.width, 2.5 * pen.width], 0.0));
    Stroke { width: pen.width, line_cap: LineCap::Butt, dash: dash.flatten(), ..Stroke::default() }
}

fn round_rectangle(path: &mut PathBuilder, Rectangle { at, width, height, radius }: Rectangle) {
    let (left, top, right, bottom) = (at.x, at.y, at.x + width, at.y + height);
    let near = radius * (1.0 - ROUND);
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - near, top, right, top + near, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - near, right - near, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + near, bottom, left, bottom - near, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + near, left + near, top, left + radius, top);
    path.close();
}

/// A typeface of one weight.
pub(crate) struct Font<'a>(Face<'a>);

impl Font<'static> {
    pub(crate) fn regular() -> Self {
        Self::of(include_bytes!("../fonts/IBMPlexSans-Regular.ttf"))
    }

    pub(crate) fn semi_bold() -> Self {
        Self::of(include_bytes!("../fonts/IBMPlexSans-SemiBold.ttf"))
    }

    fn of(bytes: &'static [u8]) -> Self {
        Self(Face::parse(bytes, 0).expect("the font is a part of the program, which tests draw with"))
    }
}

impl Font<'_> {
    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em())
    }

    /// Returns how far the next letter is, in the font's own units.
    fn advance(&self, c: char) -> f32 {
        let glyph = self.0.glyph_index(c);
        glyph.and_then(|glyph| self.0.glyph_hor_advance(glyph)).map_or(0.0, f32::from)
    }

    /// Measures a text.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(c)).sum::<f32>() * self.scale(size)
    }

    /// Tells whether the font has all letters of a text; other signs, such as pictures, may be left out.
    pub(crate) fn can_write(&self, text: &str) -> bool {
        text.chars().filter(|c| c.is_alphanumeric()).all(|c| self.0.glyph_index(c).is_some())
    }

    /// Breaks a text into lines of at most this width; a word that is wider stands alone.
    pub(crate) fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// Leaves out the middle of a text that is wider than this.
    pub(crate) fn fitted(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let mut n_kept = letters.len().min(MAX_FITTED);
        let mut fitted = String::new();
        while n_kept > 2 && (fitted.is_empty() || self.width(&fitted, size) > width) {
            n_kept -= 1;
            let n_head = n_kept.div_ceil(2);
            let (head, tail) = (&letters[..n_head], &letters[letters.len() - (n_kept - n_head)..]);
            fitted = head.iter().chain(&['…']).chain(tail).collect();
        }
        fitted
    }
}

/// Takes the outlines of letters, one behind the other.
struct Glyphs {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Glyphs {
    /// A font counts upwards.
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Glyphs {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
