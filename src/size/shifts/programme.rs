//! The integer programme of one week.
//!
//! Without breaks, the hours of a shift are consecutive, the matrix of the programme is an interval matrix, and the
//! optimum of the relaxation is already whole; breaks and the people who share the days are what is left to branch on.

use std::collections::BTreeMap;
use std::ops::Range;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::duty::{Duty, DutySpan};
use super::{Pattern, Rules, Shift, Week};

/// Nodes of branch and bound after which the best plan found so far is taken: a limit that, unlike a time limit, gives
/// the same plan on every machine. Five times as many cost five times the time and saved 0.05 % at most.
pub(super) const NODES: u64 = 1_000;
/// What the relaxation may lack by rounding of the solver, in cents.
const SLACK_CENTS: f64 = 0.01;

/// Least cost of the agents on the duties of a week, so that each hour has those it needs.
pub(super) struct Programme<'a> {
    duties: Vec<&'a Duty>,
    /// Agents needed in an hour, and the duties (by index) that cover it.
    rows: Vec<(u32, Vec<usize>)>,
    /// The rows (by index) that a duty covers.
    rows_of: Vec<Vec<usize>>,
    /// Duties by day.
    days: BTreeMap<i32, Vec<usize>>,
    rules: &'a Rules,
    span: DutySpan,
}

/// Agents on the duties of a week.
pub(super) struct Solution<'a> {
    programme: Programme<'a>,
    agents: Vec<u32>,
    lower_bound_cents: u64,
    optimal: bool,
}

impl<'a> Programme<'a> {
    /// A programme for hours with their needs; hours that need nobody and duties that help nobody are left out.
    pub fn new(duties: &[&'a Duty], needs: &[(usize, u32)], rules: &'a Rules, span: DutySpan) -> Self {
        let needs: BTreeMap<usize, u32> = needs.iter().copied().filter(|(_, agents)| *agents > 0).collect();
        let helps = |duty: &&'a Duty| duty.at_work.iter().any(|hour| needs.contains_key(hour));
        let duties: Vec<&Duty> = duties.iter().copied().filter(helps).collect();
        let mut rows: BTreeMap<usize, (u32, Vec<usize>)> =
            needs.into_iter().map(|(hour, agents)| (hour, (agents, Vec::new()))).collect();
        let mut days: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
        for (index, duty) in duties.iter().enumerate() {
            days.entry(duty.day).or_default().push(index);
            for hour in &duty.at_work {
                if let Some((_, covering)) = rows.get_mut(hour) {
                    covering.push(index);
                }
            }
        }
        let rows: Vec<_> = rows.into_values().collect();
        let mut rows_of = vec![Vec::new(); duties.len()];
        for (row, (_, covering)) in rows.iter().enumerate() {
            for duty in covering {
                rows_of[*duty].push(row);
            }
        }
        Self { duties, rows, rows_of, days, rules, span }
    }

    /// Solves it: the relaxation for the bound, its rounding for a first plan, then branch and bound on so many nodes.
    pub fn solve(self, nodes: u64) -> Result<Solution<'a>, String> {
        if self.rows.is_empty() {
            return Ok(Solution {
                programme: self,
                agents: Vec::new(),
                lower_bound_cents: 0,
                optimal: true,
            });
        }
        let (relaxed, variables) = self.problem(false);
        let relaxed = relaxed.solve().map_err(|error| error.to_string())?;
        let relaxed = relaxed.solution().ok_or("the relaxation was interrupted")?;
        let lower_bound_cents = (relaxed.objective() - SLACK_CENTS).ceil().max(0.0) as u64;
        let parts: Vec<f64> = variables.iter().map(|variable| relaxed.var_value(*variable)).collect();
        let mut agents = self.rounded_up(&parts);
        let mut optimal = false;

        let (whole, variables) = self.problem(true);
        let mut options = SolveOptions::default();
        options.node_limit = Some(nodes);
        let first_plan = agents.iter().copied().chain([self.heads(&agents)]).map(f64::from);
        options.warm_start = Some(variables.iter().copied().zip(first_plan).collect());
        // A numerical failure of the search leaves the rounded plan, which covers every hour.
        if let Ok(outcome) = whole.solve_with(options)
            && let Some(solution) = outcome.solution()
        {
            let found: Vec<u32> =
                variables.iter().take(agents.len()).map(|x| solution.var_value(*x).round() as u32).collect();
            if self.covers(&found) && self.cost(&found) <= self.cost(&agents) {
                agents = found;
                // The programme knows nothing of shifts that overlap those of another day.
                let knows_heads =
                    self.rules.weekly_fixed_cents == 0 || u64::from(self.heads(&agents)) == self.least_heads(&agents);
                optimal = outcome.is_optimal() && knows_heads;
            }
        }
        let lower_bound_cents = lower_bound_cents.min(self.cost(&agents));
        Ok(Solution { programme: self, agents, lower_bound_cents, optimal })
    }

    /// The programme for the solver, with whole agents or parts of them; one variable for each duty, then the heads.
    fn problem(&self, whole: bool) -> (Problem, Vec<Variable>) {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut add = |cents: u64, most: u32| {
            if whole {
                problem.add_integer_var(cents as f64, (0, i32::try_from(most).unwrap_or(i32::MAX)))
            } else {
                problem.add_var(cents as f64, (0.0, f64::from(most)))
            }
        };
        let most = |rows: &Vec<usize>| rows.iter().map(|row| self.rows[*row].0).max().unwrap_or(0);
        let mut variables: Vec<Variable> =
            self.duties.iter().zip(&self.rows_of).map(|(duty, rows)| add(duty.cents, most(rows))).collect();
        let heads = add(self.rules.weekly_fixed_cents, u32::MAX);
        for (agents, covering) in &self.rows {
            let sum = covering.iter().map(|duty| (variables[*duty], 1.0));
            problem.add_constraint(sum, ComparisonOp::Ge, f64::from(*agents));
        }
        let minus = |duty: &usize| (variables[*duty], -1.0);
        for duties in self.days.values() {
            let row = duties.iter().map(minus).chain([(heads, 1.0)]);
            problem.add_constraint(row, ComparisonOp::Ge, 0.0);
        }
        let of_week = self.days.iter().filter(|(day, _)| !self.span.before_first_week(**day));
        let days = f64::from(self.rules.days_per_week);
        let row = of_week.flat_map(|(_, duties)| duties).map(minus).chain([(heads, days)]);
        problem.add_constraint(row, ComparisonOp::Ge, 0.0);
        variables.push(heads);
        (problem, variables)
    }

    /// People for these agents on the duties, if they take the shifts in turn, in order of time: at least those of the
    /// busiest day, at least all shifts of the week over the days that one person works, and at least so many that
    /// nobody's next turn begins before their last one ends.
    ///
    /// So many are enough. A day has no more shifts than there are people, so nobody's turn comes twice on it; and each
    /// turn of all people takes one day from each, so nobody has more shifts than the shifts of the week over the people,
    /// rounded up, which is at most `days_per_week`. Without shifts that overlap those of another day fewer cannot do.
    fn heads(&self, agents: &[u32]) -> u32 {
        let heads = self.least_heads(agents).max(self.in_turn(agents));
        u32::try_from(heads).unwrap_or(u32::MAX)
    }

    /// The people that the busiest day and the days of the week ask for.
    fn least_heads(&self, agents: &[u32]) -> u64 {
        let (mut busiest, mut week) = (0, 0);
        for (day, duties) in &self.days {
            let day_sum: u64 = duties.iter().map(|duty| u64::from(agents[*duty])).sum();
            busiest = busiest.max(day_sum);
            if !self.span.before_first_week(*day) {
                week += day_sum;
            }
        }
        busiest.max(week.div_ceil(u64::from(self.rules.days_per_week)))
    }

    /// Most shifts that begin from the begin of one to its end, itself included: with so many people, whoever works it is
    /// home when their turn comes again. At no moment are more people at work or on a break.
    fn in_turn(&self, agents: &[u32]) -> u64 {
        let mut worked = self.duties.iter().zip(agents).filter(|(_, agents)| **agents > 0).collect::<Vec<_>>();
        worked.sort_by_key(|(duty, _)| duty.clock().0);
        let begun = |place: usize| {
            let end = worked[place].0.clock().1;
            worked[place..]
                .iter()
                .take_while(|(duty, _)| duty.clock().0 < end)
                .map(|(_, n)| u64::from(**n))
                .sum()
        };
        (0..worked.len()).map(begun).max().unwrap_or(0)
    }

    fn cost(&self, agents: &[u32]) -> u64 {
        let work = self.duties.iter().zip(agents).map(|(duty, agents)| duty.cents.saturating_mul(u64::from(*agents)));
        let heads = u64::from(self.heads(agents)).saturating_mul(self.rules.weekly_fixed_cents);
        work.fold(heads, u64::saturating_add)
    }

    /// Agents in each row beyond those it needs; negative if it lacks some.
    fn spare(&self, agents: &[u32]) -> Vec<i64> {
        let sum = |covering: &Vec<usize>| covering.iter().map(|duty| i64::from(agents[*duty])).sum::<i64>();
        self.rows.iter().map(|(needed, covering)| sum(covering) - i64::from(*needed)).collect()
    }

    fn covers(&self, agents: &[u32]) -> bool {
        self.spare(agents).iter().all(|spare| *spare >= 0)
    }

    /// Parts of agents rounded up, then every agent sent home again who is not needed, from the dearest duty down.
    fn rounded_up(&self, parts: &[f64]) -> Vec<u32> {
        let mut agents: Vec<u32> = parts.iter().take(self.duties.len()).map(|x| (x - 1e-6).ceil() as u32).collect();
        let mut spare = self.spare(&agents);
        let mut order: Vec<usize> = (0..self.duties.len()).collect();
        order.sort_by_key(|duty| std::cmp::Reverse(self.duties[*duty].cents));
        for duty in order {
            let idle = self.rows_of[duty].iter().map(|row| spare[*row]).min().unwrap_or(0);
            let home = u32::try_from(idle.max(0)).unwrap_or(u32::MAX).min(agents[duty]);
            agents[duty] -= home;
            for row in &self.rows_of[duty] {
                spare[*row] -= i64::from(home);
            }
        }
        agents
    }
}

impl Solution<'_> {
    /// The duties that somebody works, with their agents.
    pub fn shifts(&self) -> impl Iterator<Item = (&Duty, u32)> {
        self.programme
            .duties
            .iter()
            .copied()
            .zip(self.agents.iter().copied())
            .filter(|(_, agents)| *agents > 0)
    }

    /// The week with the required hours `hours`.
    pub fn week(&self, patterns: &[Pattern], hours: Range<usize>) -> Week {
        let shift = |(duty, agents): (&Duty, u32)| Shift {
            pattern: duty.pattern,
            day: duty.day,
            start_h: duty.start_h,
            agents,
        };
        let shifts: Vec<Shift> = self.shifts().map(shift).collect();
        let paid = |shift: &Shift| u64::from(patterns[shift.pattern].paid_h()) * u64::from(shift.agents);
        Week {
            first_hour: hours.start,
            hours: hours.len(),
            heads: self.programme.heads(&self.agents),
            paid_h: shifts.iter().map(paid).sum(),
            shifts,
            cost_cents: self.programme.cost(&self.agents),
            lower_bound_cents: self.lower_bound_cents,
            optimal: self.optimal,
        }
    }
}
