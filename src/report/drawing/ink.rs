//! Inks: what a colour is for, and what it is on light and dark paper.

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
    /// The n-th strategy (colours of Okabe and Ito, told apart with any colour vision).
    Series(usize),
    /// The n-th part of a whole: one of eight colours, other than those of the strategies.
    Part(usize),
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

/// The muted colours of Paul Tol, told apart with any colour vision.
const PARTS_LIGHT: [Rgb; 8] = [
    (136, 204, 238),
    (136, 34, 85),
    (51, 34, 136),
    (68, 170, 153),
    (153, 153, 51),
    (204, 102, 119),
    (221, 204, 119),
    (17, 119, 51),
];
/// The same for dark paper, where the darkest would not be seen.
const PARTS_DARK: [Rgb; 8] = [
    (136, 204, 238),
    (176, 74, 125),
    (106, 96, 214),
    (68, 170, 153),
    (153, 153, 51),
    (224, 122, 139),
    (221, 204, 119),
    (40, 140, 75),
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
        let series = |n: usize| -> Rgb {
            const LIGHT: [Rgb; 6] = [
                (0, 114, 178),
                (213, 94, 0),
                (0, 140, 102),
                (170, 80, 140),
                (225, 172, 40),
                (60, 150, 200),
            ];
            const DARK: [Rgb; 6] = [
                (88, 166, 255),
                (255, 138, 62),
                (63, 200, 150),
                (225, 140, 200),
                (230, 190, 70),
                (120, 200, 240),
            ];
            if dark { DARK[n % 6] } else { LIGHT[n % 6] }
        };
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
            Ink::Part(n) if dark => PARTS_DARK[n % PARTS_DARK.len()],
            Ink::Part(n) => PARTS_LIGHT[n % PARTS_LIGHT.len()],
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

    #[test]
    fn parts_of_a_whole_and_strategies_are_told_apart_with_any_colour_vision() {
        let parts: Vec<Ink> = (0..8).map(Ink::Part).collect();
        let strategies: Vec<Ink> = std::iter::once(Ink::Stay).chain((0..5).map(Ink::Series)).collect();
        for theme in [Theme::Light, Theme::Dark] {
            for lacking in [None, Some(0), Some(1)] {
                for inks in [&parts, &strategies] {
                    let (apart, a, b) = nearest(theme, inks, lacking);
                    assert!(apart > 20.0, "{theme:?}, lacking {lacking:?}: {a:?} and {b:?} are {apart:.0} apart");
                }
            }
        }
    }
}
