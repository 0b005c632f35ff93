//! Proofreading: texts that cannot be read where they stand.

use super::{Anchor, Drawing, Shape, text_width};

/// How much wider than ours the fonts of browsers may be.
const WIDER: f64 = 1.08;

/// A text and the room that it takes.
struct Placed<'a> {
    text: &'a str,
    left: f64,
    right: f64,
    upper: f64,
    lower: f64,
}

impl Drawing {
    /// A sentence for each text that reaches beyond the sheet and for each two that stand on each other.
    pub fn misplaced(&self) -> Vec<String> {
        let texts: Vec<Placed<'_>> = self.shapes.iter().filter_map(placed).collect();
        let beyond = |t: &&Placed<'_>| t.left < 0.0 || t.right > self.width || t.upper < 0.0 || t.lower > self.height;
        let mut marks: Vec<String> =
            texts.iter().filter(beyond).map(|t| format!("“{}” reaches beyond the sheet", t.text)).collect();
        for (place, a) in texts.iter().enumerate() {
            let meets =
                |b: &&Placed<'_>| a.left < b.right && b.left < a.right && a.upper < b.lower && b.upper < a.lower;
            let both = |b: &Placed<'_>| format!("“{}” and “{}” stand on each other", a.text, b.text);
            marks.extend(texts[..place].iter().filter(meets).map(both));
        }
        marks
    }
}

fn placed(shape: &Shape) -> Option<Placed<'_>> {
    let Shape::Text { x, y, text, size, anchor, .. } = shape else {
        return None;
    };
    let width = text_width(text, *size) * WIDER;
    let left = match anchor {
        Anchor::Start => *x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    // Letters fill about two thirds of their line.
    let half = size / 3.0;
    (!text.is_empty()).then(|| Placed {
        text,
        left,
        right: left + width,
        upper: y - half,
        lower: y + half,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::drawing::Ink;

    #[test]
    fn what_cannot_be_read_is_marked() {
        let mut drawing = Drawing::new(100.0, 60.0);
        drawing.text(10.0, 20.0, "here", 12.0, Ink::Text, Anchor::Start);
        drawing.text(10.0, 40.0, "below", 12.0, Ink::Text, Anchor::Start);
        assert!(drawing.misplaced().is_empty());
        drawing.text(20.0, 22.0, "there", 12.0, Ink::Text, Anchor::Start);
        drawing.text(90.0, 40.0, "too far", 12.0, Ink::Text, Anchor::Start);
        let marks = [
            "“too far” reaches beyond the sheet",
            "“there” and “here” stand on each other",
        ];
        assert_eq!(drawing.misplaced(), marks);
    }
}
