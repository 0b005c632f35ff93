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
    /// Reads `FIGURE < NUMBER`, with `<`, `<=`, `>` or `>=`; the bound itself is on the right side of either. The number of a
    /// share may end in `%`.
    ///
    /// # Errors
    ///
    /// If it has another form, if there is no such figure, or if every value meets it, or none.
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
        if of < 1.0 && !figure.is_share() {
            return Err(wrong(format!(
                "only a share has a percentage, and {} is none: expected a number without %",
                text[..at].trim()
            )));
        }
        let limit = Self {
            text: text.trim().to_owned(),
            figure,
            is_below,
            bound: bound * of * unit,
        };
        let Some(said) = limit.decided() else { return Ok(limit) };
        let meant = if figure.is_share() && of == 1.0 && (1.0..=100.0).contains(&bound) {
            format!(". Did you mean {number}%?")
        } else {
            String::new()
        };
        Err(wrong(said + &meant))
    }

    /// What is wrong if every value meets it, or none.
    fn decided(&self) -> Option<String> {
        let (range, most) = match self.figure.is_share() {
            true => ("a share is 0 to 1 (0% to 100%)", 1.0),
            false => ("it is never less than 0", f64::INFINITY),
        };
        let (by_all, by_none) = match self.is_below {
            true => (self.bound >= most, self.bound < 0.0),
            false => (self.bound <= 0.0, self.bound > most),
        };
        match (by_all, by_none) {
            (true, _) => Some(format!("{range}, so this always holds")),
            (_, true) => Some(format!("{range}, so nothing meets this")),
            _ => None,
        }
    }

    /// What is wrong with two limits together, if something is.
    fn beside(&self, other: &Self) -> Option<String> {
        let wrong = |limit: &Self, said: String| Some(format!("--subject-to '{}': {said}", limit.text));
        if self.figure != other.figure {
            return None;
        }
        let is_missed_there = self.excess(other.bound) > 0.0;
        match self.is_below == other.is_below {
            true if self.bound == other.bound => wrong(self, "this limit is stated twice".to_owned()),
            true if is_missed_there => wrong(other, format!("'{}' asks for more already: leave one out", self.text)),
            true => wrong(self, format!("'{}' asks for more already: leave one out", other.text)),
            false if is_missed_there => wrong(self, format!("nothing meets it and '{}'", other.text)),
            false => None,
        }
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
    /// Whether the limits go together.
    ///
    /// # Errors
    ///
    /// If nothing meets two of them at once, or if one says nothing beside another one.
    pub fn must_be_possible(&self) -> Result<(), String> {
        for (at, limit) in self.limits.iter().enumerate() {
            if let Some(said) = self.limits[..at].iter().find_map(|before| limit.beside(before)) {
                return Err(said);
            }
        }
        Ok(())
    }

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
            ("customers_lost < 5%", "customers_lost is none: expected a number without %"),
            ("cost < 5%", "cost is none"),
            ("desk.mean_wait_s < 50 %", "desk.mean_wait_s is none"),
        ] {
            let said = Limit::read(text).expect_err(text);
            assert!(said.contains(says) && said.contains(text), "{said}");
        }
    }

    #[test]
    fn a_limit_that_every_value_meets_or_none_is_refused() {
        for (text, says) in [
            ("desk.abandoned_share < -1", "so nothing meets this"),
            ("desk.abandoned_share < 5", "so this always holds. Did you mean 5%?"),
            ("desk.abandoned_share < 1", "so this always holds. Did you mean 1%?"),
            ("desk.abandoned_share < 500", "so this always holds"),
            ("desk.abandoned_share > 0", "so this always holds"),
            ("desk.service_level > 80", "so nothing meets this. Did you mean 80%?"),
            ("desk.occupancy <= 100%", "so this always holds"),
            ("customers_lost < -1", "it is never less than 0, so nothing meets this"),
            ("can_sign_in >= 0", "so this always holds"),
        ] {
            let said = Limit::read(text).expect_err(text);
            assert!(said.contains(says) && said.starts_with(&format!("--subject-to '{text}': ")), "{said}");
        }
        for text in [
            "desk.service_level >= 100%",
            "desk.service_level > 1",
            "customers_lost < 0",
            "cost < 1",
        ] {
            assert_eq!(Limit::read(text).err(), None);
        }
    }

    #[test]
    fn limits_that_contradict_each_other_or_say_nothing_are_refused() {
        let checked = |limits: &[&str]| {
            let limits = limits.iter().map(|text| Limit::read(text).expect("a limit")).collect();
            Goal { figure: Figure::COST, limits }.must_be_possible()
        };
        for (limits, says) in [
            (
                ["customers_lost < 30", "customers_lost > 40"],
                "'customers_lost > 40': nothing meets it and 'customers_lost < 30'",
            ),
            (
                ["customers_lost > 40", "customers_lost < 30"],
                "'customers_lost < 30': nothing meets it and 'customers_lost > 40'",
            ),
            (["cost < 500", "cost_cents <= 50_000"], "'cost_cents <= 50_000': this limit is stated twice"),
            (["cost < 5", "cost < 6"], "'cost < 6': 'cost < 5' asks for more already"),
            (["cost < 6", "cost < 5"], "'cost < 6': 'cost < 5' asks for more already"),
            (["migrated > 6", "migrated > 5"], "'migrated > 5': 'migrated > 6' asks for more already"),
        ] {
            let said = checked(&limits).expect_err(says);
            assert!(said.starts_with("--subject-to ") && said.contains(says), "{said}");
        }
        assert_eq!(checked(&["customers_lost > 30", "customers_lost < 40", "cost < 5"]), Ok(()));
        assert_eq!(checked(&["customers_lost >= 30", "customers_lost <= 30"]), Ok(()));
    }
}
