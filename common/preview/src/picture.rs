//! The picture of a pack: its name, its authors' sentence, its languages, and its parts as boxes with arrows.

use crate::canvas::{Canvas, Font, Pen, Rectangle, Rgb};
use crate::chart::Chart;
use crate::facts::Facts;
use crate::layered::{Layout, Point, Room, Size, layout};

/// What chats show at full width without cutting it.
pub const WIDTH: u32 = 1200;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 630;

// Colours of the website's light theme.
const BACKGROUND: Rgb = Rgb(0xffffff);
const SURFACE: Rgb = Rgb(0xf3f5f9);
const INK: Rgb = Rgb(0x14171c);
const INK_2: Rgb = Rgb(0x474e5a);
const INK_3: Rgb = Rgb(0x636a77);
const ACCENT: Rgb = Rgb(0x2a54c8);
const ACCENT_SOFT: Rgb = Rgb(0xe9eefb);

const MARGIN: f32 = 64.0;
/// Where the drawing of the parts begins.
const PANEL_X: f32 = 580.0;
const PANEL_PAD: f32 = 44.0;
/// Fewer parts say nothing.
const MIN_PARTS: usize = 3;

const NAME_SIZES: (f32, f32) = (76.0, 36.0);
const SENTENCE_SIZES: (f32, f32) = (31.0, 25.0);
const MAX_SENTENCE_LINES: usize = 6;
const LABEL_SIZE: f32 = 25.0;
const MAX_LABEL_WIDTH: f32 = 270.0;
const BOX_HEIGHT: f32 = 54.0;
const BOX_PAD: f32 = 20.0;
const ROOM: Room = Room { max_width: 560.0, gap_x: 26.0, gap_y: 46.0 };
/// Layers stand further apart where there is room, up to this.
const MAX_GAP_Y: f32 = 100.0;
/// Larger boxes look like buttons.
const MAX_SCALE: f32 = 1.2;
const TIP: f32 = 11.0;

struct Fonts {
    regular: Font<'static>,
    semi_bold: Font<'static>,
}

/// Draws a pack as a PNG of [`WIDTH`] by [`HEIGHT`] pixels.
pub fn picture(facts: &Facts) -> Vec<u8> {
    let fonts = Fonts { regular: Font::regular(), semi_bold: Font::semi_bold() };
    let mut canvas = Canvas::new(WIDTH, HEIGHT, BACKGROUND);
    let has_chart = facts.chart.parts.len() >= MIN_PARTS;
    if has_chart {
        draw_chart(&mut canvas, &facts.chart, &fonts);
    }
    let right = if has_chart { PANEL_X } else { WIDTH as f32 };
    draw_words(&mut canvas, facts, &fonts, right - MARGIN - if has_chart { PANEL_PAD } else { MARGIN });
    canvas.png()
}

fn draw_words(canvas: &mut Canvas, facts: &Facts, fonts: &Fonts, width: f32) {
    draw_brand(canvas, fonts);
    let (owner, name) = facts.name.rsplit_once('/').unwrap_or(("", &facts.name));
    let mut y = 178.0;
    if !owner.is_empty() {
        let owner = fonts.regular.fitted(&format!("{owner} /"), 30.0, width);
        canvas.text(&owner, Point { x: MARGIN, y }, &fonts.regular, 30.0, INK_3);
    }
    let size = fitting_size(NAME_SIZES, |size| fonts.semi_bold.width(name, size) <= width);
    y += 24.0 + size * 0.72;
    let name = fonts.semi_bold.fitted(name, size, width);
    canvas.text(&name, Point { x: MARGIN - size * 0.04, y }, &fonts.semi_bold, size, INK);
    y += 62.0;
    let sentence = facts.sentence.as_deref().filter(|text| fonts.regular.can_write(text));
    let lines_at = |size: f32| fonts.regular.wrapped(sentence.unwrap_or_default(), size, width);
    let size = fitting_size(SENTENCE_SIZES, |size| lines_at(size).len() <= MAX_SENTENCE_LINES);
    for line in lines_at(size).iter().take(MAX_SENTENCE_LINES) {
        canvas.text(line, Point { x: MARGIN, y }, &fonts.regular, size, INK_2);
        y += size * 1.36;
    }
    draw_counts(canvas, &facts.counts, fonts, width);
}

/// Writes languages and counts at the bottom, on two lines where they need them.
fn draw_counts(canvas: &mut Canvas, counts: &[String], fonts: &Fonts, width: f32) {
    const SIZE: f32 = 23.0;
    let mut lines: Vec<String> = Vec::new();
    for text in counts {
        match lines.last_mut() {
            Some(line) if fonts.regular.width(&format!("{line}  ·  {text}"), SIZE) <= width => {
                line.push_str("  ·  ");
                line.push_str(text);
            }
            _ => lines.push(text.clone()),
        }
    }
    let mut y = HEIGHT as f32 - MARGIN - SIZE * 1.4 * lines.len().saturating_sub(1) as f32;
    for line in lines {
        let line = fonts.regular.fitted(&line, SIZE, width);
        canvas.text(&line, Point { x: MARGIN, y }, &fonts.regular, SIZE, INK_3);
        y += SIZE * 1.4;
    }
}

/// Finds the largest size that fits, from the larger to the smaller of two.
fn fitting_size((largest, smallest): (f32, f32), fits: impl Fn(f32) -> bool) -> f32 {
    let mut size = largest;
    while size > smallest && !fits(size) {
        size -= 1.0;
    }
    size
}

/// Draws the mark of the website, a page with a gable, and the name beside it.
fn draw_brand(canvas: &mut Canvas, fonts: &Fonts) {
    const SCALE: f32 = 1.5;
    let at = |x: f32, y: f32| Point { x: MARGIN - 3.0 * SCALE + x * SCALE, y: MARGIN - 10.0 + y * SCALE };
    let house = [at(12.0, 1.8), at(21.0, 8.6), at(21.0, 22.2), at(3.0, 22.2), at(3.0, 8.6)];
    canvas.polygon(&house, ACCENT);
    let pen = Pen { colour: BACKGROUND, width: 1.9 * SCALE, is_dashed: false };
    for line in
        [[at(7.4, 11.4), at(16.6, 11.4)], [at(7.4, 15.0), at(12.6, 15.0)], [at(16.6, 22.2), at(16.6, 15.8)]]
    {
        canvas.lines(&line, pen);
    }
    let name = Point { x: MARGIN + 40.0, y: MARGIN + 18.0 };
    canvas.text("Doctown", name, &fonts.semi_bold, 27.0, INK);
}

fn draw_chart(canvas: &mut Canvas, chart: &Chart, fonts: &Fonts) {
    let panel = Rectangle {
        at: Point { x: PANEL_X, y: 0.0 },
        width: WIDTH as f32 - PANEL_X,
        height: HEIGHT as f32,
        radius: 0.0,
    };
    canvas.rectangle(panel, SURFACE, None);
    let font = &fonts.semi_bold;
    let labels: Vec<String> =
        chart.parts.iter().map(|part| font.fitted(&part.label, LABEL_SIZE, MAX_LABEL_WIDTH)).collect();
    let size =
        |label: &String| Size { width: font.width(label, LABEL_SIZE) + 2.0 * BOX_PAD, height: BOX_HEIGHT };
    let boxes: Vec<Size> = labels.iter().map(size).collect();
    let (room_x, room_y) = (panel.width - 2.0 * PANEL_PAD, panel.height - 2.0 * PANEL_PAD);
    let narrow = layout(&boxes, &chart.arrows, ROOM);
    let scale_of = |size: Size| (room_x / size.width).min(room_y / size.height).min(MAX_SCALE);
    let left = room_y / scale_of(narrow.size) - narrow.size.height;
    let n_gaps = (narrow.size.height / (BOX_HEIGHT + ROOM.gap_y)).round().max(1.0);
    let gap_y = (ROOM.gap_y + left / n_gaps).min(MAX_GAP_Y);
    let layout = layout(&boxes, &chart.arrows, Room { gap_y, ..ROOM });
    let scale = scale_of(layout.size);
    let origin = Point {
        x: PANEL_X + (panel.width - layout.size.width * scale) / 2.0,
        y: (panel.height - layout.size.height * scale) / 2.0,
    };
    let view = View { scale, origin };
    draw_arrows(canvas, chart, &layout, view);
    for ((part, label), (size, place)) in
        chart.parts.iter().zip(&labels).zip(boxes.iter().zip(&layout.places))
    {
        let (width, height) = (size.width * scale, size.height * scale);
        let at = view.point(*place);
        let radius = scale * if part.is_folder { 16.0 } else { 5.0 };
        let outline = Pen { colour: ACCENT, width: 1.8 * scale, is_dashed: false };
        canvas.rectangle(Rectangle { at, width, height, radius }, ACCENT_SOFT, Some(outline));
        let text = Point { x: at.x + BOX_PAD * scale, y: at.y + height / 2.0 + LABEL_SIZE * scale * 0.35 };
        canvas.text(label, text, font, LABEL_SIZE * scale, INK);
    }
}

/// Where a layout is drawn, and how large.
#[derive(Clone, Copy)]
struct View {
    scale: f32,
    origin: Point,
}

impl View {
    fn point(self, point: Point) -> Point {
        Point { x: self.origin.x + point.x * self.scale, y: self.origin.y + point.y * self.scale }
    }
}

/// Draws the arrows, heavier ones thicker; those against the layers are dashed.
fn draw_arrows(canvas: &mut Canvas, chart: &Chart, layout: &Layout, view: View) {
    let heaviest = chart.arrows.iter().map(|it| it.weight).max().unwrap_or(1);
    for (arrow, route) in chart.arrows.iter().zip(&layout.routes) {
        // Four steps of width: a logarithm need not be the same on every machine.
        let step = [8, 4, 2].iter().take_while(|share| arrow.weight * **share >= heaviest).count();
        let width = (2.0 + 0.7 * step as f32) * view.scale;
        let is_upward = arrow.from > arrow.to;
        let mut points: Vec<Point> = route.iter().map(|point| view.point(*point)).collect();
        let Some(end) = points.last_mut() else { continue };
        let tip = *end;
        let length = TIP * view.scale * if is_upward { -1.0 } else { 1.0 };
        end.y -= length;
        canvas.curve(&points, Pen { colour: INK_3, width, is_dashed: is_upward });
        let half = TIP * view.scale * 0.6;
        let base = |x: f32| Point { x, y: tip.y - length };
        canvas.polygon(&[tip, base(tip.x - half), base(tip.x + half)], INK_3);
    }
}
