//! Goal and limits: what is to be as good as can be, and what must hold.

use super::figure::{Figure, Row};

/// What must hold: a figure on one side of a bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As it was asked for.
    pub text: String,
    /// The figure.
    pub figure: Figure,
    /// Whether it must stay below the bound.
    pub is_below: bool,
    /// The bound, in the units in which the figure is kept.
    pub bound: f64,
}

impl Limit {
    /// Reads `FIGURE < NUMBER`, with `<`, `<=`, `>` or `>=`; the bound itself is on the right side of either. A number may end
    /// in `%`.
    ///
    /// # Errors
    ///
    /// If it has another form, or if there is no such figure.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = |said: String| format!("--subject-to '{text}': {said}");
        let form = || wrong("expected FIGURE < NUMBER, as in desk.abandoned_share < 0.05".to_owned());
        let at = text.find(['<', '>']).ok_or_else(form)?;
        let is_below = text[at..].starts_with('<');
        let number = text[at + 1..].trim_start_matches('=').trim().replace('_', "");
        let (number, of) = match number.strip_suffix('%') {
            Some(number) => (number.trim().to_owned(), 0.01),
            None => (number, 1.0),
        };
        let bound = number.parse::<f64>().ok().filter(|bound| bound.is_finite()).ok_or_else(form)?;
        let (figure, unit) = Figure::named(&text[..at]).map_err(wrong)?;
        Ok(Self {
            text: text.trim().to_owned(),
            figure,
            is_below,
            bound: bound * of * unit,
        })
    }

    /// By how much a value misses it: negative where it is met, with room.
    pub fn excess(&self, value: f64) -> f64 {
        if self.is_below {
            value - self.bound
        } else {
            self.bound - value
        }
    }
}

/// What is to be as good as can be, and what must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// What is to be as good as can be.
    pub figure: Figure,
    /// What must hold.
    pub limits: Vec<Limit>,
}

impl Goal {
    /// A value of the figure as what is to be small.
    pub fn loss(&self, value: f64) -> f64 {
        if self.figure.more_is_better() { -value } else { value }
    }

    /// What a search looks at in a row: the loss, and by how much each limit is missed.
    pub(super) fn sample(&self, row: &Row) -> Vec<f64> {
        let limits = self.limits.iter().map(|limit| limit.excess(row.of(limit.figure)));
        std::iter::once(self.loss(row.of(self.figure))).chain(limits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Metric;
    use crate::sweep::figure::DeskFigure;
    use crate::terms::Channel;

    #[test]
    fn limits_are_read_in_all_their_forms() {
        let share = Limit::read("desk.abandoned_share < 0.05").expect("a limit");
        assert_eq!(share.figure, Figure::Desk(Channel::Phone, DeskFigure::AbandonedShare));
        assert!(share.is_below && share.bound == 0.05);
        assert_eq!(Limit::read("abandoned_share<=5%").expect("a limit").bound, 0.05);
        let cost = Limit::read("cost <= 50_000").expect("a limit");
        assert_eq!((cost.figure, cost.bound), (Figure::COST, 5_000_000.0), "in cents");
        let more = Limit::read("can_sign_in >= 900").expect("a limit");
        assert!(more.figure == Figure::Metric(Metric::CanSignIn) && !more.is_below);
        assert_eq!((more.excess(800.0), more.excess(900.0)), (100.0, 0.0));
        for (text, says) in [
            ("cost", "expected FIGURE < NUMBER"),
            ("cost < much", "expected FIGURE < NUMBER"),
            ("custmers_lost < 3", "customers_lost"),
        ] {
            let said = Limit::read(text).expect_err(text);
            assert!(said.contains(says), "{said}");
        }
    }
}
