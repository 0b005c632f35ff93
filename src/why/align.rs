//! Two policies laid beside each other, rule by rule.
//!
//! Both are read from the first rule to the last, as sequences are aligned (Needleman and Wunsch, 1970). Rules go together
//! if they have the same conditions, the same name, or, with the same treatment, a condition in common. So a rule that was
//! put in between is one difference, and leaves those behind it with their partners.

use std::collections::BTreeSet;

use crate::strategy::policy::{Rule, When};

/// A place in two policies that lie beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A rule of each: their places.
    Both(usize, usize),
    /// A rule of the first policy alone.
    First(usize),
    /// A rule of the second policy alone.
    Second(usize),
}

impl Step {
    /// The same with the policies the other way round.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Both(first, second) => Self::Both(second, first),
            Self::First(place) => Self::Second(place),
            Self::Second(place) => Self::First(place),
        }
    }
}

/// Lays two policies beside each other. Each place of either policy comes once, in its order.
pub fn align(a: &[Rule], b: &[Rule]) -> Vec<Step> {
    // The last rules take everybody who is left, and go together whatever they are called.
    let takes_rest = |rules: &[Rule]| rules.last().is_some_and(|rule| rule.when == When::default());
    let rest = (takes_rest(a) && takes_rest(b)).then(|| Step::Both(a.len() - 1, b.len() - 1));
    let (n, m) = match rest {
        Some(_) => (a.len() - 1, b.len() - 1),
        None => (a.len(), b.len()),
    };
    // best[i][j]: the best score of the rules from i and j on.
    let mut best = vec![vec![0_u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let together = kinship(&a[i], &b[j]).map_or(0, |score| score + best[i + 1][j + 1]);
            best[i][j] = together.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(n + m + 1);
    while i < n || j < m {
        let kin = (i < n && j < m).then(|| kinship(&a[i], &b[j])).flatten();
        if kin.is_some_and(|score| score + best[i + 1][j + 1] == best[i][j]) {
            steps.push(Step::Both(i, j));
            (i, j) = (i + 1, j + 1);
        } else if i < n && (j == m || best[i + 1][j] == best[i][j]) {
            steps.push(Step::First(i));
            i += 1;
        } else {
            steps.push(Step::Second(j));
            j += 1;
        }
    }
    steps.extend(rest);
    steps
}

/// How much two rules have in common, if they can be taken for one rule.
fn kinship(a: &Rule, b: &Rule) -> Option<u32> {
    let same_treatment = a.treat == b.treat;
    if a.when == b.when {
        Some(if same_treatment { 16 } else { 12 })
    } else if a.name == b.name {
        Some(if same_treatment { 8 } else { 6 })
    } else {
        let common = conditions(&a.when).intersection(&conditions(&b.when)).count();
        (same_treatment && common > 0).then_some(2)
    }
}

/// Conditions of a rule, one text each, as in `phone=true`.
fn conditions(when: &When) -> BTreeSet<String> {
    let written = serde_json::to_value(when).unwrap_or_default();
    let stated = written.as_object().into_iter().flatten();
    stated.map(|(key, value)| format!("{key}={value}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::treatment::Treatment;

    fn rule(name: &str, when: When, treat: Treatment) -> Rule {
        Rule { name: name.to_owned(), when, treat }
    }

    fn email() -> When {
        When { email: Some(true), ..When::default() }
    }

    fn phone() -> When {
        When { phone: Some(true), ..When::default() }
    }

    #[test]
    fn a_rule_put_in_between_is_one_difference() {
        let (one, rest) =
            (rule("mail", email(), Treatment::ResetLink), rule("rest", When::default(), Treatment::LazyVerify));
        let between = rule("phone", phone(), Treatment::StepUp);
        let a = [one.clone(), rest.clone()];
        let b = [one, between, rest];
        assert_eq!(align(&a, &b), [Step::Both(0, 0), Step::Second(1), Step::Both(1, 2)]);
        assert_eq!(align(&b, &a), [Step::Both(0, 0), Step::First(1), Step::Both(2, 1)]);
        assert_eq!(align(&a, &a), [Step::Both(0, 0), Step::Both(1, 1)]);
    }

    #[test]
    fn rules_go_together_by_conditions_before_names_and_the_last_ones_always() {
        let a = [
            rule("x", email(), Treatment::ResetLink),
            rule("rest", When::default(), Treatment::Defer),
        ];
        let b = [
            rule("x", phone(), Treatment::StepUp),
            rule("y", email(), Treatment::MagicLink),
            rule("others", When::default(), Treatment::StepUp),
        ];
        assert_eq!(align(&a, &b), [Step::Second(0), Step::Both(0, 1), Step::Both(1, 2)]);
        // By name alone, where there is nothing nearer.
        let b = [b[0].clone(), b[2].clone()];
        assert_eq!(align(&a, &b), [Step::Both(0, 0), Step::Both(1, 1)]);
        // By treatment, with a condition in common.
        let narrower = When { phone: Some(false), ..email() };
        let b = [rule("z", narrower, Treatment::ResetLink), b[1].clone()];
        assert_eq!(align(&a, &b), [Step::Both(0, 0), Step::Both(1, 1)]);
        let b = [rule("z", phone(), Treatment::ResetLink), b[1].clone()];
        assert_eq!(align(&a, &b), [Step::First(0), Step::Second(0), Step::Both(1, 1)]);
    }

    #[test]
    fn every_rule_comes_once_in_its_order() {
        let presets: Vec<_> = crate::strategy::Strategy::presets()
            .map(|name| crate::strategy::Strategy::preset(name).expect("a preset"))
            .collect();
        for a in &presets {
            for b in &presets {
                let steps = align(&a.policy, &b.policy);
                let first = steps.iter().filter_map(|step| match step {
                    Step::Both(a, _) | Step::First(a) => Some(*a),
                    Step::Second(_) => None,
                });
                let second = steps.iter().filter_map(|step| match step {
                    Step::Both(_, b) | Step::Second(b) => Some(*b),
                    Step::First(_) => None,
                });
                assert!(first.eq(0..a.policy.len()) && second.eq(0..b.policy.len()), "{} {}", a.name, b.name);
            }
        }
    }
}
