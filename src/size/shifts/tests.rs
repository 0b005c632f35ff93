//! Plans held against an exhaustive search, and against rosters made person by person.

use proptest::prelude::*;

use super::*;
use crate::calendar::WEEK_H;

const DAILY: [bool; 7] = [true; 7];
const FREE: Rules = Rules { days_per_week: 5, weekly_fixed_cents: 0 };

fn pattern(name: &str, hours: u32, breaks: &[u32], starts: (u32, u32), cents_per_hour: u64) -> Pattern {
    Pattern {
        name: name.to_owned(),
        hours,
        breaks: breaks.to_vec(),
        earliest_start_h: starts.0,
        latest_start_h: starts.1,
        days: DAILY,
        cents_per_hour,
    }
}

/// Patterns that together cover every hour of the week.
fn round_the_clock() -> [Pattern; 3] {
    [
        pattern("full", 9, &[4], (6, 13), 2_500),
        pattern("part", 4, &[], (8, 18), 2_700),
        pattern("night", 10, &[5], (19, 22), 3_100),
    ]
}

/// Agents at work by hour, counted shift by shift.
fn at_work(plan: &ShiftPlan, patterns: &[Pattern], hours: usize) -> Vec<u32> {
    let mut agents = vec![0; hours];
    for shift in plan.weeks.iter().flat_map(|week| &week.shifts) {
        let pattern = &patterns[shift.pattern];
        for offset in 0..pattern.hours {
            let hour = plan.starts_at(shift) + i64::from(offset);
            if !pattern.breaks.contains(&offset) && (0..hours as i64).contains(&hour) {
                agents[hour as usize] += shift.agents;
            }
        }
    }
    agents
}

/// Day of the plan on which its first Monday falls, at most 0.
fn monday(plan: &ShiftPlan) -> i32 {
    -((plan.first_hour_of_week / 24) as i32)
}

/// Gives every shift of a week to a person and checks that the person may work it.
fn check_rosters(plan: &ShiftPlan, patterns: &[Pattern], rules: &Rules) {
    for (number, week) in plan.weeks.iter().enumerate() {
        let people = plan.rosters(number);
        assert_eq!(people.len(), week.heads as usize);
        let from = monday(plan) + 7 * number as i32;
        for person in &people {
            assert!(person.windows(2).all(|pair| pair[0].day < pair[1].day), "twice on a day: {person:?}");
            let home = |shift: &Shift| plan.starts_at(shift) + i64::from(patterns[shift.pattern].hours);
            let free = |pair: &[Shift]| home(&pair[0]) <= plan.starts_at(&pair[1]);
            assert!(person.windows(2).all(free), "in two shifts at once: {person:?}");
            let days = person.iter().filter(|shift| (from..from + 7).contains(&shift.day)).count();
            assert!(days <= rules.days_per_week as usize, "{days} days: {person:?}");
        }
        for shift in &week.shifts {
            let given = people.iter().flatten().filter(|part| Shift { agents: shift.agents, ..**part } == *shift);
            assert_eq!(given.count(), shift.agents as usize);
        }
    }
}

/// The least cost of two days by trying every number of agents on every shift. The hours 8 to 12 of each day can be
/// required; the eight shifts are written out by hand.
fn least_cost_of_two_days(required: &[u32], most: u32, cents: [u64; 2], rules: &Rules) -> u64 {
    const SHIFTS: [(usize, &[usize]); 4] = [
        (0, &[8, 10, 11]),
        (0, &[9, 11, 12]),
        (1, &[9, 10, 11]),
        (1, &[10, 11, 12]),
    ];
    let choices = (most + 1).pow(4);
    let day = |number: u32| -> [u32; 4] { std::array::from_fn(|at| number / (most + 1).pow(at as u32) % (most + 1)) };
    let feasible = |of_day: usize| -> Vec<[u32; 4]> {
        (0..choices)
            .map(day)
            .filter(|agents| {
                (8..13).all(|hour| {
                    let there = SHIFTS.iter().zip(agents).filter(|((_, hours), _)| hours.contains(&hour));
                    there.map(|(_, agents)| agents).sum::<u32>() >= required[24 * of_day + hour]
                })
            })
            .collect()
    };
    let work = |agents: &[u32; 4]| -> u64 {
        SHIFTS
            .iter()
            .zip(agents)
            .map(|((pattern, _), agents)| 3 * cents[*pattern] * u64::from(*agents))
            .sum()
    };
    let second = feasible(1);
    let mut least = u64::MAX;
    for first in feasible(0) {
        for second in &second {
            let (a, b) = (first.iter().sum::<u32>(), second.iter().sum::<u32>());
            let heads = a.max(b).max((a + b).div_ceil(rules.days_per_week));
            least = least.min(work(&first) + work(second) + u64::from(heads) * rules.weekly_fixed_cents);
        }
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_plan_costs_what_an_exhaustive_search_finds(
        needs in prop::collection::vec(0..=3_u32, 10),
        cents in [1_u64..30, 1_u64..30],
        days_per_week in 1..=2_u32,
        weekly_fixed_cents in 0..60_u64,
    ) {
        let mut required = vec![0; 48];
        required[8..13].copy_from_slice(&needs[..5]);
        required[32..37].copy_from_slice(&needs[5..]);
        let patterns = [pattern("long", 4, &[1], (8, 9), cents[0]), pattern("short", 3, &[], (9, 10), cents[1])];
        let rules = Rules { days_per_week, weekly_fixed_cents };
        let plan = plan(&patterns, &rules, &required, 0).expect("every hour can be covered");
        prop_assert!(plan.optimal());
        prop_assert_eq!(plan.cost_cents(), least_cost_of_two_days(&required, 3, cents, &rules));
        prop_assert!(plan.weeks[0].lower_bound_cents <= plan.cost_cents());
        check_rosters(&plan, &patterns, &rules);
    }

    #[test]
    fn every_hour_is_covered_wherever_the_plan_starts(
        required in prop::collection::vec(prop_oneof![Just(0), 0..12_u32], 1..400),
        first_hour_of_week in 0..WEEK_H,
        days_per_week in 1..=7_u32,
        nodes in 0..20_u64,
    ) {
        let (patterns, rules) = (round_the_clock(), Rules { days_per_week, weekly_fixed_cents: 9_000 });
        let plan = plan_within(&patterns, &rules, &required, first_hour_of_week, nodes).expect("patterns round the clock");
        prop_assert_eq!(plan.covered(), at_work(&plan, &patterns, required.len()));
        prop_assert!(plan.covered().iter().zip(&required).all(|(there, needed)| there >= needed));
        prop_assert_eq!(plan.weeks.iter().map(|week| week.hours).sum::<usize>(), required.len());
        for week in &plan.weeks {
            prop_assert!(week.lower_bound_cents <= week.cost_cents);
            prop_assert!(week.shifts.iter().all(|shift| patterns[shift.pattern].may_start(
                (shift.day - monday(&plan)).rem_euclid(7) as usize,
                shift.start_h,
            )));
        }
        check_rosters(&plan, &patterns, &rules);
    }
}

#[test]
fn a_search_that_is_cut_off_says_so_and_costs_more() {
    let wave = |hour: usize| 60 + (hour * hour * hour * 31 % 97) as u32;
    let required: Vec<u32> =
        (0..WEEK_H).map(|hour| if (8..20).contains(&(hour % 24)) { wave(hour) } else { 0 }).collect();
    let patterns = [
        pattern("full", 9, &[4], (6, 14), 2_500),
        pattern("part", 5, &[], (6, 17), 2_700),
    ];
    let rules = Rules { days_per_week: 5, weekly_fixed_cents: 8_000 };
    let [cut, searched] = [0, 500].map(|nodes| plan_within(&patterns, &rules, &required, 0, nodes).expect("a plan"));
    assert!(!cut.optimal(), "the breaks leave half agents in the relaxation");
    assert!(searched.cost_cents() < cut.cost_cents(), "the search finds something cheaper than rounding");
    assert_eq!(cut.weeks[0].lower_bound_cents, searched.weeks[0].lower_bound_cents);
    assert!(
        searched.cost_cents() < searched.weeks[0].lower_bound_cents * 101 / 100,
        "within a percent of the bound"
    );
    assert_eq!(cut.covered(), at_work(&cut, &patterns, WEEK_H));
}

#[test]
fn sunday_night_covers_the_monday_of_the_next_week() {
    let mut required = vec![0; 2 * WEEK_H];
    required[WEEK_H - 2..WEEK_H].fill(3);
    required[WEEK_H..WEEK_H + 6].fill(5);
    let night = [pattern("night", 8, &[], (22, 22), 3_000)];
    let plan = plan(&night, &FREE, &required, 0).expect("a plan");
    assert_eq!(
        plan.weeks[0].shifts,
        [Shift { pattern: 0, day: 6, start_h: 22, agents: 5 }],
        "Monday needs the most"
    );
    assert!(plan.weeks[1].shifts.is_empty(), "what Sunday night covers is carried over");
    assert_eq!(plan.covered()[WEEK_H - 2..WEEK_H + 6], [5; 8]);
    assert!(plan.optimal());
}

#[test]
fn carried_agents_are_not_planned_twice() {
    let mut required = vec![0; 2 * WEEK_H];
    required[WEEK_H - 2..WEEK_H].fill(4);
    required[WEEK_H..WEEK_H + 8].fill(6);
    let patterns = [
        pattern("night", 8, &[], (22, 22), 3_000),
        pattern("early", 8, &[], (0, 0), 3_000),
    ];
    let plan = plan(&patterns, &FREE, &required, 0).expect("a plan");
    let agents: Vec<_> = plan.weeks.iter().flat_map(|week| &week.shifts).map(|shift| shift.agents).collect();
    assert_eq!(agents, [4, 6], "two hours of Monday need all six, the others get more than they need");
    assert_eq!(plan.covered()[WEEK_H..WEEK_H + 8], [10, 10, 10, 10, 10, 10, 6, 6]);
}

#[test]
fn the_evening_before_covers_the_first_hours_if_nothing_else_can() {
    let required = [2; 24];
    let patterns = [
        pattern("day", 16, &[], (6, 6), 2_000),
        pattern("night", 8, &[], (22, 22), 3_000),
    ];
    let plan = plan(&patterns, &FREE, &required, 0).expect("a plan");
    let starts: Vec<_> = plan.weeks[0].shifts.iter().map(|shift| (shift.day, shift.start_h, shift.agents)).collect();
    assert_eq!(starts, [(-1, 22, 2), (0, 6, 2), (0, 22, 2)]);
    assert_eq!(plan.weeks[0].heads, 4, "day and night of Monday; Sunday is another week");
    check_rosters(&plan, &patterns, &FREE);
}

#[test]
fn a_plan_may_start_within_a_shift() {
    let plan = plan(&[pattern("day", 8, &[4], (8, 8), 2_000)], &FREE, &[1, 1, 1, 0], 24 + 9).expect("a plan");
    assert_eq!(plan.weeks[0].shifts, [Shift { pattern: 0, day: 0, start_h: 8, agents: 1 }]);
    assert_eq!(plan.covered(), [1, 1, 1, 0], "Tuesday at 12 is the break");
    assert_eq!((plan.weeks[0].first_hour, plan.weeks[0].hours, plan.paid_h()), (0, 4, 7));
}

#[test]
fn five_days_a_week_take_more_heads_than_any_day() {
    let required: Vec<u32> = (0..WEEK_H).map(|hour| if (8..16).contains(&(hour % 24)) { 10 } else { 0 }).collect();
    let rules = Rules { days_per_week: 5, weekly_fixed_cents: 1_000 };
    let patterns = [pattern("day", 8, &[], (8, 8), 2_000)];
    let plan = plan(&patterns, &rules, &required, 0).expect("a plan");
    let week = &plan.weeks[0];
    assert_eq!((week.heads, week.paid_h, plan.most_heads()), (14, 560, 14), "70 shifts, five each");
    assert_eq!(week.cost_cents, 560 * 2_000 + 14 * 1_000);
    assert!(week.optimal && week.lower_bound_cents == week.cost_cents);
    check_rosters(&plan, &patterns, &rules);
    assert!(plan.rosters(0).iter().all(|person| person.len() == 5));
    assert!(plan.rosters(1).is_empty(), "no such week");
}

/// Ten on a shift of 12 hours from 20:00 are still there when ten others begin at 6:00: twenty people, not ten.
#[test]
fn people_are_not_fewer_than_are_there_at_once() {
    let mut required = vec![0; WEEK_H];
    required[20..30].fill(10);
    required[30..32].fill(20);
    required[32..38].fill(10);
    let patterns = [
        pattern("night", 12, &[], (20, 20), 3_000),
        pattern("early", 8, &[], (6, 6), 2_500),
    ];
    let plan = plan(&patterns, &FREE, &required, 0).expect("a plan");
    assert_eq!(plan.covered()[30..32], [20, 20]);
    assert_eq!(plan.weeks[0].heads, 20);
    check_rosters(&plan, &patterns, &FREE);
}

#[test]
fn an_hour_that_no_pattern_covers_is_named_with_the_nearest_pattern() {
    let mut required = vec![0; WEEK_H];
    required[5 * 24 + 10] = 2;
    let mut office = pattern("office", 9, &[4], (8, 9), 2_500);
    office.days = [true, true, true, true, true, false, false];
    let patterns = [pattern("late", 6, &[], (17, 17), 2_500), office];
    let error = plan(&patterns, &FREE, &required, 0).expect_err("nobody works on Saturday morning");
    let nearest = Some(Nearest { pattern: "office".to_owned(), weekday: 5, start_h: 9 });
    assert_eq!(error, Unplannable::Uncovered { hour: 130, weekday: 5, hour_of_day: 10, agents: 2, nearest });
    assert_eq!(
        error.to_string(),
        "hour 130 from the start (Sat 10:00) needs 2 agent(s), but no shift pattern covers it; \
         allow `office` to start on Sat 09:00, or add a pattern that covers it"
    );
    let none = plan(&[], &FREE, &[1], 0).expect_err("no patterns");
    assert!(none.to_string().ends_with("; add a pattern that works in this hour"), "{none}");
}

#[test]
fn patterns_and_rules_that_make_no_sense_are_refused() {
    let refused = |pattern: Pattern| plan(&[pattern], &FREE, &[1], 0).expect_err("refused").to_string();
    assert!(refused(pattern("a", 0, &[], (8, 9), 1)).contains("a shift takes 1 to 24"));
    assert!(refused(pattern("a", 25, &[], (8, 9), 1)).contains("a shift takes 1 to 24"));
    assert!(refused(pattern("a", 8, &[8], (8, 9), 1)).contains("not within its 8 hours"));
    assert!(refused(pattern("a", 8, &[4, 4], (8, 9), 1)).contains("named twice"));
    assert!(refused(pattern("a", 8, &[], (9, 8), 1)).contains("from 9 to 8 h"));
    assert!(refused(pattern("a", 8, &[], (9, 24), 1)).contains("from 9 to 24 h"));
    for days_per_week in [0, 8] {
        let rules = Rules { days_per_week, ..FREE };
        assert_eq!(plan(&[], &rules, &[], 0), Err(Unplannable::DaysPerWeek(days_per_week)));
    }
}

#[test]
fn nothing_required_is_nothing_planned() {
    assert!(plan(&[], &FREE, &[], 50).expect("an empty plan").weeks.is_empty());
    let plan = plan(&round_the_clock(), &FREE, &[0; 200], 100).expect("an idle plan");
    let hours: Vec<_> = plan.weeks.iter().map(|week| (week.first_hour, week.hours)).collect();
    assert_eq!(hours, [(0, 68), (68, 132)], "up to Monday, then the rest");
    assert!(plan.optimal() && plan.cost_cents() == 0 && plan.most_heads() == 0);
}
