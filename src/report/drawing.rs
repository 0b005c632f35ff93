//! Drawings: shapes on a sheet, in roles of ink rather than colours, rendered to SVG or PNG, light or dark.
//!
//! SVG text stays text. PNG uses the embedded Roboto (subset of the Latin letters; Apache-2.0), so no fonts need to be
//! installed.

mod ink;

mod proofread;

use std::sync::Once;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::error::{Error, Result};
use crate::text::drawable;
pub use ink::{Ink, Theme};

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

#[derive(Clone, Debug)]
enum Shape {
    Rect {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        ink: Ink,
    },
    Line {
        points: Vec<(f64, f64)>,
        ink: Ink,
        width: f64,
    },
    Area {
        points: Vec<(f64, f64)>,
        ink: Ink,
    },
    Text {
        x: f64,
        y: f64,
        text: String,
        size: f64,
        ink: Ink,
        anchor: Anchor,
        bold: bool,
    },
}

/// A sheet with shapes on it; the unit is a pixel at the size of the page.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// What it was made by, which is said in its files where nobody sees it; nothing if it is empty.
    pub source: String,
    shapes: Vec<Shape>,
}

impl Drawing {
    /// An empty sheet.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, source: String::new(), shapes: Vec::new() }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, ink: Ink) {
        if w > 0.0 && h > 0.0 {
            self.shapes.push(Shape::Rect { x, y, w, h, ink });
        }
    }

    /// A line through points.
    pub fn line(&mut self, points: impl IntoIterator<Item = (f64, f64)>, ink: Ink, width: f64) {
        let points: Vec<_> = points.into_iter().collect();
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, ink, width });
        }
    }

    /// A dashed straight line.
    pub fn dashes(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink, width: f64) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let steps = (length / 8.0).ceil().max(1.0);
        for step in 0..steps as usize {
            let at = |part: f64| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            let start = step as f64 / steps;
            self.line([at(start), at((start + 0.55 / steps).min(1.0))], ink, width);
        }
    }

    /// A filled polygon.
    pub fn area(&mut self, points: impl IntoIterator<Item = (f64, f64)>, ink: Ink) {
        let points: Vec<_> = points.into_iter().collect();
        if points.len() > 2 {
            self.shapes.push(Shape::Area { points, ink });
        }
    }

    /// A text whose middle line stands at `y`.
    pub fn text(&mut self, x: f64, y: f64, text: impl Into<String>, size: f64, ink: Ink, anchor: Anchor) {
        let text = drawable(&text.into());
        self.shapes.push(Shape::Text { x, y, text, size, ink, anchor, bold: false });
    }

    /// A bold text whose middle line stands at `y`.
    pub fn bold(&mut self, x: f64, y: f64, text: impl Into<String>, size: f64, ink: Ink, anchor: Anchor) {
        let text = drawable(&text.into());
        self.shapes.push(Shape::Text { x, y, text, size, ink, anchor, bold: true });
    }

    /// The drawing as SVG.
    pub fn svg(&self, theme: Theme) -> Result<String> {
        let mut svg = String::new();
        {
            let size = (self.width.ceil() as u32, self.height.ceil() as u32);
            let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            self.render(&root, theme, 1.0, 0.0)?;
        }
        if let (Some(open), false) = (svg.find('>'), self.source.is_empty()) {
            svg.insert_str(open + 1, &format!("\n<metadata>{}</metadata>", self.source));
        }
        Ok(svg)
    }

    /// The drawing as PNG, at twice the size, on light paper; very high ones at their own, which saves memory.
    pub fn png(&self) -> Result<Vec<u8>> {
        // Drawn twice as large again and averaged, so that edges are smooth.
        let times = if self.height > HIGH { 1 } else { 2 };
        let (width, height) = (times * self.width.ceil() as usize, times * self.height.ceil() as usize);
        let mut raw = vec![0_u8; width * 2 * height * 2 * 3];
        {
            let size = (2 * width as u32, 2 * height as u32);
            let root = BitMapBackend::with_buffer(&mut raw, size).into_drawing_area();
            self.render(&root, Theme::Light, 2.0 * times as f64, DROP)?;
        }
        let mut pixels = vec![0_u8; width * height * 3];
        for (y, row) in pixels.chunks_exact_mut(width * 3).enumerate() {
            let above = &raw[2 * y * width * 6..][..width * 6];
            let below = &raw[(2 * y + 1) * width * 6..][..width * 6];
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                for channel in 0..3 {
                    let at = |line: &[u8], side: usize| u16::from(line[(2 * x + side) * 3 + channel]);
                    let sum = at(above, 0) + at(above, 1) + at(below, 0) + at(below, 1);
                    pixel[channel] = ((sum + 2) / 4) as u8;
                }
            }
        }
        encode_png(width as u32, height as u32, &pixels, &self.source)
    }

    fn render<DB: DrawingBackend>(
        &self,
        root: &DrawingArea<DB, plotters::coord::Shift>,
        theme: Theme,
        scale: f64,
        drop: f64,
    ) -> Result<()> {
        embed_fonts();
        let failed = |error: &dyn std::fmt::Display| Error::Store(format!("a chart cannot be drawn: {error}"));
        let colour = |ink: Ink| {
            let (r, g, b) = theme.colour(ink);
            RGBColor(r, g, b)
        };
        let at = |(x, y): (f64, f64)| ((x * scale).round() as i32, (y * scale).round() as i32);
        root.fill(&colour(Ink::Paper)).map_err(|error| failed(&error))?;
        for shape in &self.shapes {
            match shape {
                Shape::Rect { x, y, w, h, ink } => {
                    root.draw(&Rectangle::new([at((*x, *y)), at((x + w, y + h))], colour(*ink).filled()))
                }
                Shape::Line { points, ink, width } => {
                    let points: Vec<_> = points.iter().copied().map(at).collect();
                    let width = (width * scale).round().max(1.0) as u32;
                    root.draw(&PathElement::new(points, colour(*ink).stroke_width(width)))
                }
                Shape::Area { points, ink } => {
                    let points: Vec<_> = points.iter().copied().map(at).collect();
                    root.draw(&Polygon::new(points, colour(*ink).filled()))
                }
                Shape::Text { x, y, text, size, ink, anchor, bold } => {
                    let horizontal = match anchor {
                        Anchor::Start => HPos::Left,
                        Anchor::Middle => HPos::Center,
                        Anchor::End => HPos::Right,
                    };
                    let face = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                    let ink = colour(*ink);
                    let style = TextStyle::from((FONT, size * scale, face).into_font())
                        .color(&ink)
                        .pos(Pos::new(horizontal, VPos::Center));
                    root.draw(&Text::new(text.clone(), at((*x, y + drop * size)), style))
                }
            }
            .map_err(|error| failed(&error))?;
        }
        root.present().map_err(|error| failed(&error))
    }
}

/// From this height on a drawing is not enlarged.
const HIGH: f64 = 2_000.0;

const FONT: &str = "sans-serif";

/// How far below its place a text is drawn as pixels, in its own size: the backend leaves room for descenders that digits
/// do not have.
const DROP: f64 = 0.14;

/// Width of a text, in the units of a drawing.
pub fn text_width(text: &str, size: f64) -> f64 {
    embed_fonts();
    let font = (FONT, size * 4.0).into_font();
    font.box_size(text).map_or(text.len() as f64 * size * 0.5, |(width, _)| f64::from(width) / 4.0)
}

/// A text that is cut, with `…` for the rest, if it is wider than `width`.
pub fn fitted(text: &str, size: f64, width: f64) -> String {
    let mut kept = text.to_owned();
    if text_width(text, size) > width {
        while text_width(&format!("{kept}…"), size) > width && kept.pop().is_some() {}
        kept.push('…');
    }
    kept
}

fn embed_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (style, bytes) in [
            (FontStyle::Normal, &include_bytes!("../../assets/Roboto-Regular-subset.ttf")[..]),
            (FontStyle::Bold, &include_bytes!("../../assets/Roboto-Bold-subset.ttf")[..]),
        ] {
            // The embedded fonts are valid; a test draws with them.
            let _ = plotters::style::register_font(FONT, style, bytes);
        }
    });
}

fn encode_png(width: u32, height: u32, pixels: &[u8], source: &str) -> Result<Vec<u8>> {
    let failed = |error: png::EncodingError| Error::Store(format!("a chart cannot be encoded: {error}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    if !source.is_empty() {
        encoder.add_text_chunk("Source".to_owned(), source.to_owned()).map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_becomes_svg_text_and_png_pixels() {
        let mut drawing = Drawing::new(200.0, 100.0);
        drawing.rect(10.0, 10.0, 50.0, 20.0, Ink::Series(0));
        drawing.bold(100.0, 50.0, "agents", 14.0, Ink::Text, Anchor::Middle);
        let svg = drawing.svg(Theme::Dark).expect("svg");
        assert!(svg.contains("agents") && svg.contains("<text"), "text stays text");
        let png = drawing.png().expect("png");
        assert_eq!(&png[1..4], b"PNG");
        assert!(text_width("wide text", 14.0) > text_width("w", 14.0));
        assert_eq!(fitted("wide text", 14.0, 100.0), "wide text");
        assert!(
            fitted("wide text", 14.0, 40.0).ends_with('…')
                && text_width(&fitted("wide text", 14.0, 40.0), 14.0) <= 40.0
        );
    }

    #[test]
    fn what_xml_does_not_allow_is_not_drawn() {
        let all: String = (0_u32..0x3000).chain(0xd7f0..0x10400).filter_map(char::from_u32).collect();
        let mut drawing = Drawing::new(200.0, 100.0);
        drawing.text(10.0, 20.0, all.as_str(), 14.0, Ink::Text, Anchor::Start);
        let svg = drawing.svg(Theme::Light).expect("svg");
        assert_eq!(told(&svg), [drawable(&all).trim()]);
    }

    /// The texts of an SVG, as an XML parser reads them.
    fn told(svg: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(svg).expect("valid XML");
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.map(|node| node.text().unwrap_or("").trim().to_owned()).collect()
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_drawn_as_valid_xml(
            text in proptest::prop_oneof!["\\PC{0,40}", "[<>&\"'\\]a;#x!/-]{0,40}", proptest::prelude::any::<String>()]
        ) {
            let mut drawing = Drawing::new(200.0, 100.0);
            drawing.text(10.0, 20.0, text.as_str(), 14.0, Ink::Text, Anchor::Start);
            drawing.bold(10.0, 50.0, text.as_str(), 14.0, Ink::Text, Anchor::End);
            for theme in [Theme::Light, Theme::Dark] {
                let svg = drawing.svg(theme).expect("svg");
                let told = told(&svg);
                proptest::prop_assert!(told.iter().all(|told| told == drawable(&text).trim()), "{told:?} for {text:?}");
            }
        }
    }
}
