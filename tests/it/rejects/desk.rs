//! Mistakes at the desk.

/// Scenarios with one mistake each, and what the complaint must say.
pub const MISTAKES: &[(&str, &[&str])] = &[
    (
        "desk.tier1.agents = 0",
        &[
            "bad.toml:1",
            "desk.tier1.agents: phone contacts arrive",
            "rosters nobody at any hour",
        ],
    ),
    (
        "horizon_days = 2\ndesk.tier1.exceptions = [{ from = \"2026-03-02\", to = \"2026-03-09\", value = 0 }]",
        &[
            "desk.tier1.agents: phone contacts arrive",
            "desk.tier1.agents or desk.partner.agents (with desk.tier1.exceptions) rosters nobody at any hour",
            "from 2026-03-02 to 2026-03-03",
        ],
    ),
    (
        "desk.tier1.takes = [\"phone\", \"chat\"]",
        &[
            "desk.baseline.email_per_hour",
            "nobody serves this channel",
            "name \"email\" in the `takes` of",
        ],
    ),
    (
        "desk.baseline.chat_per_hour = 5\ndesk.tier1.takes = [\"phone\", \"email\"]",
        &[
            "bad.toml:1",
            "desk.baseline.chat_per_hour",
            "nobody serves this channel",
        ],
    ),
    (
        "desk.tier1.shrinkage_share = -0.1",
        &[
            "desk.tier1.shrinkage_share",
            "-0.1 is not allowed here",
            "a share from 0 to 0.9",
        ],
    ),
    (
        "desk.review.shrinkage_share = 1",
        &[
            "desk.review.shrinkage_share",
            "1 is not allowed here",
            "a share from 0 to 0.9",
        ],
    ),
    (
        "desk.tier1.exceptions = [\n  { from = \"2026-03-03\", value = 1 },\n  { from = \"2026-03-10\", to = \"2026-03-09\", value = 3 },\n]",
        &[
            "bad.toml:3",
            "desk.tier1.exceptions[1]",
            "ends on 2026-03-09, before it begins on 2026-03-10",
        ],
    ),
    (
        "desk.tier2.exceptions = [{ from = \"2026-02-30\", value = 1 }]",
        &["desk.tier2.exceptions[0].from", "\"2026-02-30\" is not a date"],
    ),
    (
        "desk.partner.exceptions = [{ from = \"2026-03-03\", value = 2e5 }]",
        &[
            "desk.partner.exceptions[0].value",
            "a number of agents from 0 to 100,000",
        ],
    ),
    (
        "desk.tier1.takes = [\"phone\", \"email\", \"phone\", \"chat\"]",
        &["desk.tier1.takes", "a channel is named twice"],
    ),
    (
        "desk.partner.takes = [\"phone\", \"review\"]",
        &["desk.partner.takes", "cannot be given to a partner"],
    ),
    ("desk.tier1.takes = [\"fax\"]", &["desk.tier1.takes[0]", "`fax` is not allowed here", "\"phone\""]),
    ("desk.urgent = [\"vip\"]", &["desk.urgent[0]", "`vip` is not allowed here", "\"takeover\""]),
    (
        "desk.shifts.patterns = [{ name = \"day\", length_h = 8, breaks_after_h = [3, 8] }]",
        &[
            "desk.shifts.patterns[0].breaks_after_h",
            "a break 8 hours after",
            "a shift of 8 hours",
        ],
    ),
    (
        "desk.shifts.patterns = [{ name = \"day\", length_h = 8, breaks_after_h = [7] }]",
        &["desk.shifts.patterns[0].breaks_after_h", "a break 7 hours after"],
    ),
    ("desk.shifts.patterns = []", &["desk.shifts.patterns", "at least one"]),
    ("desk.open = { hours = [] }", &["desk.open", "would never be open"]),
    ("desk.open = \"always\"", &["desk.open", "`always` is not allowed here", "\"staffed\""]),
    (
        "horizon_days = 36500\ndesk.baseline = { growth_share_per_year = 1, email_per_hour = 0 }",
        &[
            "desk.baseline.growth_share_per_year",
            "e31 contacts per hour at the end",
            "at most 1e8",
        ],
    ),
    ("desk.chat.concurrency = 0", &["desk.chat.concurrency", "0 is not allowed here", "1 to 20"]),
    (
        "journey.choice = { by_phone_share = 0.7, by_chat_share = 0.5 }",
        &["journey.choice.by_chat_share", "is 1.2000: at most 1"],
    ),
    (
        "desk.phone.patience = { empirical = { file = \"tests/data/ciam_synth.csv\", column = \"talk_s\" } }",
        &[
            "desk.phone.patience.empirical",
            "ciam_synth.csv has no column \"talk_s\"",
            "its columns are",
        ],
    ),
    (
        "desk.phone.patience = { empirical = { file = \"tests/data/ciam_synth.csv\" } }",
        &["desk.phone.patience.empirical", "`column` is missing"],
    ),
    (
        "desk.tier1.takes = [\"email\"]",
        &[
            "bad.toml:1",
            "desk.tier1.takes: phone contacts arrive, but \"phone\" is not among the channels here",
            "desk.partner.agents rosters nobody",
        ],
    ),
    (
        "desk.tier1.agents = -5",
        &["desk.tier1.agents: -5 is not allowed here: expected a number of agents from 0 to 100,000"],
    ),
    (
        "desk.review.agents = [{ days = \"Mon\", value = 100_001 }]",
        &["desk.review.agents[0].value: 100001", "0 to 100,000"],
    ),
    (
        "desk.baseline.phone_per_hour = -1",
        &[
            "desk.baseline.phone_per_hour: -1",
            "a number of contacts per hour from 0 to 1e8",
        ],
    ),
    (
        "population.accounts = 100_000\n[desk]\nfor_accounts = 1\ntier1.agents = 2\nreview.agents = 0",
        &[
            "bad.toml:4",
            "desk.tier1.agents: scaled to the population 200000 agents",
            "at most 100,000",
        ],
    ),
    (
        "population.accounts = 0\ndesk.for_accounts = 1000",
        &[
            "bad.toml:2",
            "desk.for_accounts: the desk is stated for 1000 accounts",
            "set it to 0",
        ],
    ),
    (
        "desk.open = { hours = [{ days = \"Mon\", value = 3 }] }",
        &["desk.open.hours[0].value: unknown key `value`: expected one of days, hours"],
    ),
    (
        "desk.open = { hours = [{ hours = \"8-18\" }, { days = \"Sat\", hours = \"12-19\" }] }",
        &["desk.open.hours: two windows claim Sat 12:00", "must not overlap"],
    ),
    (
        "desk.tier1.agents = [{ days = \"Mon,Mon\", value = 3 }]",
        &[
            "desk.tier1.agents[0].days: \"Mon,Mon\" names Mon twice",
            "each day once",
        ],
    ),
    (
        "desk.tier1.exceptions = [{ from = \"2026-03-10\", value = 3 }, { from = \"2026-03-10\", to = \"2026-03-10\", value = 5 }]",
        &[
            "desk.tier1.exceptions[1]: desk.tier1.exceptions[0] is about the same dates and hours",
            "3 agents there, 5 here",
        ],
    ),
    (
        "desk.handle_time.access = { exponential = { mean_s = 1e12 } }",
        &[
            "desk.handle_time.access.exponential.mean_s: 1000000000000 is not allowed here",
            "2,592,000 seconds (30 days)",
        ],
    ),
    (
        "desk.phone.patience = { exponential = { mean_s = 0 } }",
        &[
            "desk.phone.patience.exponential.mean_s: 0 is not allowed here",
            "a mean above 0",
        ],
    ),
    ("desk.phone.after_work_s = 1e7", &["desk.phone.after_work_s: 10000000", "0 to 2,592,000 (30 days)"]),
];
