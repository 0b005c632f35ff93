//! The bill over two keys, a map for each strategy; of more keys, pair by pair, as means over the others.

use crate::numbers::short;
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::sweep::figure::Figure;
use crate::sweep::{AxisFound, Sweep};

use super::ink;

/// Maps that are drawn at most.
const MAPS: usize = 6;
/// Height of a row of cells.
const ROW: f64 = 30.0;
/// Room left of a map.
const LEFT: f64 = 96.0;

/// Pairs of keys that are drawn at most.
const PAIRS: usize = 3;

/// Draws a chart for each pair of keys, the first ones of many.
pub(super) fn draw(found: &Sweep) -> Vec<Chart> {
    if found.is_sobol {
        return Vec::new();
    }
    let keys: Vec<usize> = (0..found.axes.len()).filter(|axis| found.axes[*axis].values.len() > 1).collect();
    let pairs = keys.iter().enumerate().flat_map(|(at, one)| keys[at + 1..].iter().map(move |other| (*one, *other)));
    pairs.take(PAIRS).enumerate().map(|(number, pair)| chart(found, pair, number)).collect()
}

/// Bills of one arm by place down and across; none where no point is allowed.
type Cells = Vec<Vec<Option<f64>>>;

/// The mean bill of an arm over all points with the same two values.
fn cells(found: &Sweep, arm: usize, (down, across): (usize, usize)) -> Cells {
    let mean = |row: &str, column: &str| {
        let at = found
            .points
            .iter()
            .filter(|point| point.settings[down].label == row && point.settings[across].label == column);
        let bills: Vec<f64> = at.map(|point| point.arms[arm].of(Figure::COST).mean / 100.0).collect();
        (!bills.is_empty()).then(|| bills.iter().sum::<f64>() / bills.len() as f64)
    };
    let rows = found.axes[down].values.iter();
    rows.map(|row| found.axes[across].values.iter().map(|column| mean(&row.label, &column.label)).collect())
        .collect()
}

fn chart(found: &Sweep, pair: (usize, usize), number: usize) -> Chart {
    let (down, across) = (&found.axes[pair.0], &found.axes[pair.1]);
    let first = usize::from(found.strategies.len() > 1);
    let arms: Vec<usize> = (first..found.strategies.len()).take(MAPS).collect();
    let columns = if arms.len() == 1 || across.values.len() > 6 {
        1
    } else {
        2
    };
    let block = 84.0 + ROW * down.values.len() as f64;
    let title = match number {
        0 => "The bill over two values".to_owned(),
        more => format!("The bill over two values: pair {}", more + 1),
    };
    let is_mean = found.axes.len() > 2;
    let below = format!(
        "In units of your currency; a stronger colour is dearer. {}Down: {}. Across: {}.",
        if is_mean { "Means over the other keys. " } else { "" },
        down.key,
        across.key
    );
    let height = 64.0 + block * arms.len().div_ceil(columns) as f64;
    let mut drawing = sheet(height, &title, &fitted(&below, SMALL, WIDTH - 40.0));
    let bills: Vec<Cells> = arms.iter().map(|&arm| cells(found, arm, pair)).collect();
    let all = || bills.iter().flatten().flatten().flatten().copied();
    let scale = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let wide = (WIDTH - 10.0) / columns as f64;
    for (place, arm) in arms.iter().enumerate() {
        let corner = ((place % columns) as f64 * wide, 76.0 + (place / columns) as f64 * block);
        let name = fitted(&found.strategies[*arm], SMALL, wide - LEFT);
        drawing.bold(corner.0 + LEFT, corner.1, name, SMALL, ink(*arm), Anchor::Start);
        let room = (corner.0 + LEFT, corner.1 + 14.0, wide - LEFT - 20.0);
        map(&mut drawing, (down, across), (&bills[place], scale), room);
    }
    let read = "All maps have the same shades. The framed cell is the cheapest of its map. An empty cell is a pair that is not \
                allowed.";
    Chart {
        id: match number {
            0 => "two-values".to_owned(),
            more => format!("two-values-{}", more + 1),
        },
        title,
        shows: format!("What each strategy costs for every pair of {} and {}.", down.key, across.key),
        read: if is_mean {
            format!("{read} A cell is the mean over all values of the other keys.")
        } else {
            read.to_owned()
        },
        act: "Rows that look alike: the value down does not matter. A diagonal: the two values act together and must be chosen \
              together."
            .to_owned(),
        drawing,
    }
}

fn map(
    drawing: &mut Drawing,
    (down, across): (&AxisFound, &AxisFound),
    (bills, scale): (&Cells, (f64, f64)),
    (x, y, w): (f64, f64, f64),
) {
    let cell = w / across.values.len() as f64;
    let known = || {
        let rows = bills.iter().enumerate();
        rows.flat_map(|(row, bills)| {
            bills.iter().enumerate().filter_map(move |(column, bill)| Some((row, column, (*bill)?)))
        })
    };
    let cheapest = known().min_by(|a, b| a.2.total_cmp(&b.2)).map(|(row, column, _)| (row, column));
    for (row, column, bill) in known() {
        let strength = (bill - scale.0) / (scale.1 - scale.0).max(f64::MIN_POSITIVE);
        let corner = (x + cell * column as f64, y + ROW * row as f64);
        if Some((row, column)) == cheapest {
            drawing.rect(corner.0 - 1.0, corner.1 - 1.0, cell + 2.0, ROW + 2.0, Ink::Text);
        }
        drawing.rect(corner.0 + 1.0, corner.1 + 1.0, cell - 2.0, ROW - 2.0, Ink::Heat(strength));
        let text = fitted(&short(bill), 12.0, cell - 4.0);
        drawing.text(corner.0 + cell / 2.0, corner.1 + ROW / 2.0, text, 12.0, Ink::OnHeat(strength), Anchor::Middle);
    }
    for (row, value) in down.values.iter().enumerate() {
        let at = y + ROW * (row as f64 + 0.5);
        drawing.text(x - 8.0, at, fitted(&value.label, 12.0, LEFT - MARGIN), 12.0, Ink::Label, Anchor::End);
    }
    for (column, value) in across.values.iter().enumerate() {
        let at = x + cell * (column as f64 + 0.5);
        let y = y + ROW * down.values.len() as f64 + 13.0;
        drawing.text(at, y, fitted(&value.label, 12.0, cell - 2.0), 12.0, Ink::Label, Anchor::Middle);
    }
}
