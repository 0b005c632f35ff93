//! Keys that are high or low together.

use super::UncertainKey;
use crate::scenario::uncertain::Correlated;
use crate::text::one_of;

/// Groups of keys with one correlation between each two of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups(Vec<Group>);

#[derive(Clone, Debug)]
struct Group {
    places: Vec<usize>,
    /// Lower triangle, row by row: what makes correlated scores of independent ones (Cholesky).
    triangle: Vec<Vec<f64>>,
}

impl Groups {
    /// The groups of a scenario.
    ///
    /// # Errors
    ///
    /// If a key has no range or stands in two groups, or if so many keys cannot have such a correlation.
    pub(super) fn new(stated: &[Correlated], keys: &[UncertainKey]) -> Result<Self, String> {
        let refused = |group: &Correlated, message: &str| Err(format!("correlated \"{}\": {message}", group.name));
        if let Some((place, _, message)) = Correlated::mistakes(stated).first() {
            return refused(&stated[*place], message);
        }
        let mut groups = Vec::new();
        for group in stated {
            let mut places = Vec::new();
            for name in &group.keys {
                let Some(place) = keys.iter().position(|key| key.key == *name) else {
                    let near =
                        keys.iter().map(|key| key.key.clone()).filter(|key| strsim::jaro_winkler(key, name) > 0.93);
                    let near: Vec<String> = near.take(3).collect();
                    let hint = if near.is_empty() {
                        "state it in `[uncertain]`".to_owned()
                    } else {
                        one_of(near)
                    };
                    return refused(group, &format!("\"{name}\" has no range: {hint}"));
                };
                places.push(place);
            }
            let Some(triangle) = triangle(places.len(), group.correlation.get()) else {
                return refused(group, "its correlation is too close to the least that so many keys can have");
            };
            groups.push(Group { places, triangle });
        }
        Ok(Self(groups))
    }

    /// Lists of places that go together; each of so many keys stands in one.
    pub(super) fn factors(&self, keys: usize) -> Vec<Vec<usize>> {
        let alone = (0..keys).filter(|place| !self.0.iter().any(|group| group.places[1..].contains(place)));
        alone
            .map(|place| {
                let group = self.0.iter().find(|group| group.places[0] == place);
                group.map_or_else(|| vec![place], |group| group.places.clone())
            })
            .collect()
    }

    /// Correlated scores of independent ones.
    pub(super) fn correlated(&self, independent: &[f64]) -> Vec<f64> {
        let mut scores = independent.to_vec();
        for group in &self.0 {
            for (place, row) in group.places.iter().zip(&group.triangle) {
                scores[*place] = row.iter().zip(&group.places).map(|(weight, of)| weight * independent[*of]).sum();
            }
        }
        scores
    }
}

/// The lower triangle of a matrix with ones on its diagonal and this correlation everywhere else; `None` if there is none.
fn triangle(n: usize, correlation: f64) -> Option<Vec<Vec<f64>>> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for _ in 0..n {
        let mut made: Vec<f64> = Vec::new();
        for above in &rows {
            let sum: f64 = made.iter().zip(above).map(|(a, b)| a * b).sum();
            made.push((correlation - sum) / above[made.len()]);
        }
        let rest = 1.0 - made.iter().map(|value| value * value).sum::<f64>();
        if rest <= 1e-12 {
            return None;
        }
        made.push(rest.sqrt());
        rows.push(made);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_makes_the_correlation_it_is_made_of() {
        for (n, correlation) in [(2, -0.9), (3, 0.5), (4, -0.3), (6, 0.95)] {
            let rows = triangle(n, correlation).expect("allowed");
            for (a, b) in (0..n).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let product: f64 = rows[a].iter().zip(&rows[b]).map(|(x, y)| x * y).sum();
                assert!((product - correlation).abs() < 1e-12);
            }
        }
        assert!(triangle(3, -0.6).is_none() && triangle(5, -0.26).is_none());
    }
}
