//! The cheapest shifts that cover a requirement by the hour.
//!
//! Each week from Monday to Sunday is one integer programme: how many agents work each possible shift (a pattern that
//! starts at an hour of a day), so that every hour has the agents it needs, at the least cost of paid hours and heads.
//! Weeks are planned in order. What the shifts of Sunday night cover on Monday is carried over, and an hour of Monday
//! that only Sunday's shifts can cover is planned with Sunday. So each week is planned at least cost, but the plan as a
//! whole need not be: a dearer Sunday night is not weighed against a cheaper Monday.
//!
//! Not in the model: rest between two shifts of one person, free weekends, and hours of a contract.

mod duty;

mod programme;

mod unplannable;

#[cfg(test)]
mod tests;

use serde::Serialize;

use duty::{Duty, DutySpan};
use programme::Programme;
pub use unplannable::{Nearest, Unplannable};

/// A kind of shift that people can be asked to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What planners call it.
    pub name: String,
    /// Hours from begin to end, breaks included: 1 to 24.
    pub hours: u32,
    /// Unpaid breaks of one hour, as hours from the start of the shift; nobody is at work in them.
    pub breaks: Vec<u32>,
    /// Earliest hour of the day at which it may start: 0 to 23.
    pub earliest_start_h: u32,
    /// Latest hour of the day at which it may start: not before the earliest, at most 23.
    pub latest_start_h: u32,
    /// Days on which it may start, Monday first.
    pub days: [bool; 7],
    /// What one paid hour costs, in cents.
    pub cents_per_hour: u64,
}

impl Pattern {
    /// Paid hours of one shift: all but the breaks.
    pub fn paid_h(&self) -> u32 {
        (0..self.hours).filter(|offset| self.works(*offset)).count() as u32
    }

    /// Whether somebody on this shift is at work in the hour that begins `offset` hours after the start.
    pub fn works(&self, offset: u32) -> bool {
        offset < self.hours && !self.breaks.contains(&offset)
    }

    /// Whether the shift may start at this hour of the day, on this day of the week (Monday is 0).
    pub fn may_start(&self, weekday: usize, start_h: u32) -> bool {
        self.days[weekday % 7] && (self.earliest_start_h..=self.latest_start_h).contains(&start_h)
    }
}

/// What limits and prices the work of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Most days on which one person works in a week from Monday to Sunday: 1 to 7.
    pub days_per_week: u32,
    /// What one person costs per week, however little they work, in cents.
    pub weekly_fixed_cents: u64,
}

impl Default for Rules {
    /// Five days a week, no cost per head.
    fn default() -> Self {
        Self { days_per_week: 5, weekly_fixed_cents: 0 }
    }
}

/// Agents who work the same shift on the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// Which pattern, as its place in the list given to [`plan`].
    pub pattern: usize,
    /// Day on which it starts: 0 is the day of the first required hour, −1 the evening before it (only where nothing
    /// that starts later covers the first hours).
    pub day: i32,
    /// Hour of that day at which it starts.
    pub start_h: u32,
    /// How many agents.
    pub agents: u32,
}

/// The shifts that start in one week, Monday to Sunday; the first and the last week of a plan may be shorter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Index of its first required hour.
    pub first_hour: usize,
    /// Number of its required hours: 168 for a full week.
    pub hours: usize,
    /// Its shifts, by day, start and pattern. The evening before the plan belongs to the first week.
    pub shifts: Vec<Shift>,
    /// People who can work these shifts in turn, nobody twice on a day, nobody in two shifts at once and nobody on more
    /// days than the rules allow; the fewest, unless shifts overlap those of another day: then perhaps some more.
    pub heads: u32,
    /// Paid hours.
    pub paid_h: u64,
    /// Cost of paid hours and heads, in cents.
    pub cost_cents: u64,
    /// No plan for this week, after what the week before carries over, costs less than this, in cents: the optimum of
    /// the programme without whole numbers, rounded up to the cent.
    pub lower_bound_cents: u64,
    /// Whether `cost_cents` is proven to be the least. If not, the search was cut off at its limit of nodes, and this
    /// is the best plan found.
    pub optimal: bool,
}

/// Shifts for all weeks of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftPlan {
    /// The weeks in order.
    pub weeks: Vec<Week>,
    /// Hour of the week (0 is Monday 00:00) of the first required hour.
    pub first_hour_of_week: usize,
    covered: Vec<u32>,
}

impl ShiftPlan {
    /// Agents at work in each required hour.
    pub fn covered(&self) -> &[u32] {
        &self.covered
    }

    /// Paid hours of all weeks.
    pub fn paid_h(&self) -> u64 {
        self.weeks.iter().map(|week| week.paid_h).sum()
    }

    /// Cost of all weeks, in cents.
    pub fn cost_cents(&self) -> u64 {
        self.weeks.iter().map(|week| week.cost_cents).fold(0, u64::saturating_add)
    }

    /// Most people needed in any week.
    pub fn most_heads(&self) -> u32 {
        self.weeks.iter().map(|week| week.heads).max().unwrap_or(0)
    }

    /// Whether every week is proven to be planned at least cost.
    pub fn optimal(&self) -> bool {
        self.weeks.iter().all(|week| week.optimal)
    }

    /// Index of the required hour at which a shift starts; negative before the plan.
    pub fn starts_at(&self, shift: &Shift) -> i64 {
        i64::from(shift.day) * 24 + i64::from(shift.start_h) - (self.first_hour_of_week % 24) as i64
    }

    /// Who works when in a week: for each of its heads the shifts of that person, in order, each with one agent.
    /// Empty for a week that the plan does not have.
    ///
    /// People take the shifts in turn, in order of time, so most of them keep their hours or start later from one day
    /// to the next; nobody is in two shifts at once, but rest between shifts is not enforced.
    pub fn rosters(&self, week: usize) -> Vec<Vec<Shift>> {
        let Some(week) = self.weeks.get(week) else {
            return Vec::new();
        };
        let mut people = vec![Vec::new(); week.heads as usize];
        let places = week.shifts.iter().flat_map(|shift| (0..shift.agents).map(|_| Shift { agents: 1, ..*shift }));
        for (turn, shift) in places.enumerate() {
            let person = turn % people.len().max(1);
            if let Some(person) = people.get_mut(person) {
                person.push(shift);
            }
        }
        people
    }
}

/// Plans the cheapest shifts that put at least `required[h]` agents at work in each hour `h`.
///
/// `first_hour_of_week` is the hour of the week of `required[0]` (0 is Monday 00:00; taken modulo 168). The result
/// depends on nothing but the arguments.
///
/// # Errors
///
/// [`Unplannable`] if a pattern or a rule makes no sense, if an hour needs agents and no pattern can cover it, or if the
/// solver gives up on a week.
pub fn plan(
    patterns: &[Pattern],
    rules: &Rules,
    required: &[u32],
    first_hour_of_week: usize,
) -> Result<ShiftPlan, Unplannable> {
    plan_within(patterns, rules, required, first_hour_of_week, programme::NODES)
}

/// [`plan`], with at most so many nodes of branch and bound for each week.
fn plan_within(
    patterns: &[Pattern],
    rules: &Rules,
    required: &[u32],
    first_hour_of_week: usize,
    nodes: u64,
) -> Result<ShiftPlan, Unplannable> {
    unplannable::check(patterns, rules)?;
    let span = DutySpan::new(first_hour_of_week, required.len());
    let duties = duty::all(patterns, required, span);
    // An hour is planned in the last week whose shifts can cover it.
    let mut planned_in = vec![None; required.len()];
    for duty in &duties {
        for hour in &duty.at_work {
            planned_in[*hour] = planned_in[*hour].max(Some(span.week_of(duty.day)));
        }
    }
    if let Some(hour) = (0..required.len()).find(|hour| required[*hour] > 0 && planned_in[*hour].is_none()) {
        return Err(unplannable::uncovered(patterns, required[hour], hour, span));
    }
    let mut covered = vec![0_u32; required.len()];
    let mut weeks = Vec::with_capacity(span.weeks());
    for week in 0..span.weeks() {
        let duties: Vec<&Duty> = duties.iter().filter(|duty| span.week_of(duty.day) == week).collect();
        let needs: Vec<(usize, u32)> = (0..required.len())
            .filter(|hour| planned_in[*hour] == Some(week))
            .map(|hour| (hour, required[hour].saturating_sub(covered[hour])))
            .collect();
        let programme = Programme::new(&duties, &needs, rules, span);
        let solved = programme.solve(nodes).map_err(|reason| Unplannable::Solver { week, reason })?;
        for (duty, agents) in solved.shifts() {
            for hour in &duty.at_work {
                covered[*hour] = covered[*hour].saturating_add(agents);
            }
        }
        weeks.push(solved.week(patterns, span.hours_of_week(week)));
    }
    Ok(ShiftPlan { weeks, first_hour_of_week: span.first_hour_of_week, covered })
}
