//! Inks: what a colour is for, and what it is on light and dark paper.

use crate::results::Line;

/// Light or dark paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// The paper.
    Paper,
    /// Titles.
    Text,
    /// Labels and ticks.
    Label,
    /// Grid lines.
    Grid,
    /// The control arm.
    Stay,
    /// The n-th strategy: one of fifteen colours, told apart with any colour vision; the first are near those of Okabe and
    /// Ito.
    Series(usize),
    /// The n-th part of a whole: one of fifteen colours, most of them other than those of the strategies.
    Part(usize),
    /// The outcome at this place of all outcomes: blue where an account has moved and its owner was seen, grey and sand where
    /// it has not moved or nobody has come to it since, and warm where it went wrong.
    Fate(usize),
    /// The n-th strategy, as a pale area.
    Pale(usize),
    /// The n-th strategy, or the control, in this strength from 0 (paper) to 1.
    Tint(Option<usize>, f64),
    /// A strength from 0 to 1 on one scale, for heat maps.
    Heat(f64),
    /// Text on such a field.
    OnHeat(f64),
    /// A warning strength from 0 to 1.
    Alarm(f64),
}

type Rgb = (u8, u8, u8);

/// The muted colours of Paul Tol, told apart with any colour vision, and more that keep away from them: one for each line of a
/// bill.
const PARTS_LIGHT: [Rgb; Line::ALL.len()] = [
    (136, 204, 238),
    (136, 34, 85),
    (51, 34, 136),
    (68, 170, 153),
    (153, 153, 51),
    (204, 102, 119),
    (221, 204, 119),
    (17, 119, 51),
    (155, 125, 225),
    (20, 95, 180),
    (250, 225, 15),
    (180, 250, 195),
    (110, 80, 255),
    (0, 5, 250),
    (5, 5, 5),
    (105, 45, 0),
];
/// The same for dark paper, where the darkest would not be seen.
const PARTS_DARK: [Rgb; Line::ALL.len()] = [
    (136, 204, 238),
    (176, 74, 125),
    (106, 96, 214),
    (68, 170, 153),
    (153, 153, 51),
    (224, 122, 139),
    (221, 204, 119),
    (40, 140, 75),
    (110, 25, 155),
    (20, 5, 215),
    (255, 255, 30),
    (250, 255, 195),
    (90, 55, 5),
    (105, 35, 85),
    (220, 195, 15),
    (150, 135, 255),
];
/// Strategies, on light paper.
const SERIES_LIGHT: [Rgb; 15] = [
    (0, 114, 178),
    (213, 94, 0),
    (0, 140, 102),
    (170, 80, 140),
    (180, 75, 60),
    (55, 180, 60),
    (115, 40, 5),
    (40, 160, 250),
    (55, 15, 160),
    (0, 5, 255),
    (110, 50, 85),
    (95, 170, 190),
    (75, 50, 205),
    (0, 90, 255),
    (35, 5, 65),
];
/// Strategies, on dark paper.
const SERIES_DARK: [Rgb; 15] = [
    (88, 166, 255),
    (255, 138, 62),
    (63, 200, 150),
    (225, 140, 200),
    (255, 185, 25),
    (225, 250, 100),
    (130, 90, 220),
    (135, 245, 185),
    (200, 75, 0),
    (30, 220, 245),
    (180, 255, 255),
    (180, 90, 90),
    (180, 210, 100),
    (255, 250, 0),
    (245, 225, 55),
];
/// Outcomes in the order of reports, on light paper.
const FATES_LIGHT: [Rgb; 11] = [
    (0, 114, 178),
    (86, 180, 233),
    (200, 190, 165),
    (150, 156, 162),
    (232, 228, 220),
    (92, 84, 110),
    (240, 150, 20),
    (245, 225, 70),
    (213, 70, 0),
    (215, 130, 185),
    (110, 0, 50),
];
/// Outcomes, on dark paper.
const FATES_DARK: [Rgb; 11] = [
    (30, 120, 200),
    (100, 185, 245),
    (205, 200, 185),
    (120, 128, 136),
    (58, 74, 78),
    (96, 90, 150),
    (240, 160, 40),
    (245, 232, 90),
    (225, 85, 30),
    (230, 140, 195),
    (255, 20, 110),
];

fn mix(a: Rgb, b: Rgb, part: f64) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    (channel(a.0, b.0), channel(a.1, b.1), channel(a.2, b.2))
}

impl Theme {
    /// The colour of an ink on this paper.
    pub(super) fn colour(self, ink: Ink) -> Rgb {
        let dark = self == Self::Dark;
        let paper = if dark { (22, 27, 34) } else { (255, 255, 255) };
        let of = |light: &[Rgb], dark_ones: &[Rgb], n: usize| -> Rgb {
            let colours = if dark { dark_ones } else { light };
            colours[n % colours.len()]
        };
        let series = |n: usize| of(&SERIES_LIGHT, &SERIES_DARK, n);
        let strong: Rgb = if dark { (88, 166, 255) } else { (0, 82, 147) };
        match ink {
            Ink::Paper => paper,
            Ink::Text => {
                if dark {
                    (230, 237, 243)
                } else {
                    (28, 33, 40)
                }
            }
            Ink::Label => {
                if dark {
                    (158, 168, 178)
                } else {
                    (90, 98, 107)
                }
            }
            Ink::Grid => {
                if dark {
                    (48, 54, 61)
                } else {
                    (226, 230, 234)
                }
            }
            Ink::Stay => {
                if dark {
                    (139, 148, 158)
                } else {
                    (130, 138, 146)
                }
            }
            Ink::Series(n) => series(n),
            Ink::Part(n) => of(&PARTS_LIGHT, &PARTS_DARK, n),
            Ink::Fate(n) => of(&FATES_LIGHT, &FATES_DARK, n),
            Ink::Tint(Some(n), strength) => mix(paper, series(n), strength),
            Ink::Tint(None, strength) => mix(paper, self.colour(Ink::Stay), strength),
            Ink::Pale(n) => mix(paper, series(n), 0.28),
            Ink::Heat(strength) => mix(mix(paper, strong, 0.04), strong, strength.clamp(0.0, 1.0)),
            Ink::OnHeat(strength) => match (strength > 0.55, dark) {
                (true, false) => (255, 255, 255),
                (true, true) => (13, 17, 23),
                (false, false) => (28, 33, 40),
                (false, true) => (230, 237, 243),
            },
            Ink::Alarm(strength) => {
                let low = if dark { (48, 54, 61) } else { (236, 239, 242) };
                let high = if dark { (255, 110, 90) } else { (190, 30, 20) };
                mix(low, high, strength)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a colour is to those who lack the cones for red or for green (Viénot, Brettel and Mollon 1999, simplified).
    fn seen(rgb: Rgb, lacking: Option<usize>) -> [f64; 3] {
        let [r, g, b] = [rgb.0, rgb.1, rgb.2].map(|channel| (f64::from(channel) / 255.0).powf(2.2));
        let seen = match lacking {
            None => [r, g, b],
            Some(0) => [0.112 * r + 0.888 * g, 0.112 * r + 0.888 * g, b + 0.004 * (r - g)],
            Some(_) => [0.293 * r + 0.707 * g, 0.293 * r + 0.707 * g, b + 0.022 * (g - r)],
        };
        seen.map(|channel| 255.0 * channel.clamp(0.0, 1.0).powf(1.0 / 2.2))
    }

    fn nearest(theme: Theme, inks: &[Ink], lacking: Option<usize>) -> (f64, Ink, Ink) {
        let colours: Vec<_> = inks.iter().map(|ink| seen(theme.colour(*ink), lacking)).collect();
        let apart = |a: usize, b: usize| (0..3).map(|c| (colours[a][c] - colours[b][c]).powi(2)).sum::<f64>().sqrt();
        let pairs = (0..inks.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let nearest = pairs.map(|(a, b)| (apart(a, b), inks[a], inks[b]));
        nearest.min_by(|a, b| a.0.total_cmp(&b.0)).expect("pairs")
    }

    /// Nobody knows whether it went well.
    #[test]
    fn linked_and_never_seen_has_neither_the_colour_of_success_nor_of_harm() {
        for theme in [Theme::Light, Theme::Dark] {
            let (r, g, b) = theme.colour(Ink::Fate(crate::terms::Outcome::LinkedUnseen.index()));
            assert!(r.max(g).max(b) - r.min(g).min(b) <= 40, "{theme:?}: a colour, and not a shade: {r} {g} {b}");
            assert!(b <= r, "{theme:?}: blue is for those who were seen: {r} {g} {b}");
        }
    }

    #[test]
    fn parts_of_a_whole_and_strategies_are_told_apart_with_any_colour_vision() {
        let parts: Vec<Ink> = (0..Line::ALL.len()).map(Ink::Part).collect();
        let strategies: Vec<Ink> = std::iter::once(Ink::Stay).chain((0..15).map(Ink::Series)).collect();
        let fates: Vec<Ink> = (0..crate::terms::Outcome::ALL.len()).map(Ink::Fate).collect();
        for theme in [Theme::Light, Theme::Dark] {
            for lacking in [None, Some(0), Some(1)] {
                for inks in [&parts, &strategies, &fates] {
                    let (apart, a, b) = nearest(theme, inks, lacking);
                    assert!(apart > 20.0, "{theme:?}, lacking {lacking:?}: {a:?} and {b:?} are {apart:.0} apart");
                }
            }
        }
    }
}
