//! The part about where the defaults come from.

/// Where the published numbers are wired, and which were left out.
pub const DEFAULTS: &str = "\
## Where the defaults come from, and what was left out

Every default has a grade and a source of its own (`cutover schema --keys`, [KEYS](../scenarios/KEYS.md)). This table goes \
the other way: from what was published to what became of it. None was chosen by what it does to a comparison of strategies.

| published | became |
|---|---|
| a second factor stops 98.56 % where the password has leaked (Microsoft 2023) | `threat.mfa_stops_share`, `population.trouble.intruder.mfa_factor` |
| 2.3 % have one where it is voluntary (Twitter 2020); 41 % of business users (Microsoft 2024) | `population.shares.mfa`; the second is for scenarios of business customers |
| 1.5 % of sign-ins use breached passwords (USENIX 2019); odds of a hijack × 10 after a leak (CCS 2017) | `population.shares.leaked`; `population.trouble.intruder.leaked_factor` |
| 0.1 %, 0.33 %, 0.74 % of accounts in a year (23andMe, Google, Roku); 6 % a year of business accounts without a second factor (Microsoft 2020) | held against `stay`, above; the last is another world |
| 0.74 %, 0.1 %, 1.4 % of a directory in other hands (Roku, 23andMe, a vendor) | `population.trouble.intruder.share` |
| 52 % of challenged genuine users fail at once, 97 % are in soon after (WWW 2019) | `threat.alarm_fails_share`; for `journey.recovery.asks_again_share` it is an upper bound, because they wanted to sign in |
| knowledge questions passed by 52 to 57 % of criminals (IRS 2015-16) | `desk.checks.knowledge.false_accept_share` |
| document checks reject 10.5 % of genuine people at best, one product over half (GSA 2024); 48 % verified (GOV.UK 2019) | `desk.checks.document.false_reject_share`; the others are low cases, not defaults |
| 72.3 % of text codes completed, after 13.5 s (2026); over 80 % (Google 2015) | `journey.step_up.phone_passes_share`; its delay stays minutes, because a document has the same key |
| 1-5 % of text messages lost; 21 % of numbers without a receipt (one site, 2009) | left out: lost ones are among the 72.3 % already |
| 35 of 616 million US numbers reassigned in a year | `population.phone_decay_per_year` |
| 4 of 5 attempts at a SIM swap succeed (SOUPS 2020) | left out: how many impostors try is not known; `desk.checks.call_back.false_accept_share` stays an assumption |
| lures: 15 % fall for a good pretext, 7 % for a poor one (2025) | `threat.campaign_factor` |
| a phishing campaign is seen after 9 h and over after 21 (USENIX 2020); half of planted passwords are tried in 12 h (Agari) | `threat.phishing_delay` |
| 7.4 % of visitors of a phishing page lose their password; 10.4 % of recipients click, 65 % of those submit | left out: who is sent a copy of a campaign's mail is not known; `threat.phished_share` stays an assumption |
| 99 % of attacks are on passwords, relays are rare by volume (Microsoft 2024) | not `threat.phishing_relays_share`, which is about those already phished for this campaign |
| 11.8 % of genuine mails taken for phishing; announcement, odds ratio 1.1 (103 trials) | `journey.mail.suspected_share`, `journey.mail.announced_factor` |
| clicks: 33.6 % in 1 h, 51.4 % in 3 h, 81 % in 24 h (5.5 bn mails) | `journey.mail.click` |
| 46 % and 26.3 days (LinkedIn 2016); 3, 8, 13, 33 % (nine services) | `population.responds_share`, above |
| 26 % of warnings at a sign-in lead to a new password (Google 2019) | left out: a warning on the page is not a mail |
| password tickets × 3 three months after a change of provider (one firm, 2017) | `journey.sign_in.fresh_forgotten_share`, as an assumption |
| 32-34 % use a password manager; 49 % alter a character or two; 38 % reuse | `journey.sign_in.manager_share`, `threat.trivial_change_share`; the last in words |
| 0.045 second factors fail by attempt, 0.4 phones lost a year; 95 % enrol in 52 days under a mandate (GitHub) | `journey.factors.enrol_fails_share`, as an assumption; the last left out: developers |
| a passkey made when offered: 20 % usual, 75 % strong (Corbado) | `journey.factors.passkey_share` |
| 70 % of contacts settled at the first (SQM 2021-22), 41 % come again | `desk.checks.resolved_share`; `desk.baseline.resolved_share` stays 1, because traffic is counted with its repeats |
| a third of callers sent away with a message called again in 24 h (HMRC 2012) | a lower bound of `journey.choice.redial_share`, which is about those who hung up |
| a chat takes 11 min 55 s and is answered after 35 to 48 s (Comm100) | `desk.baseline.chat_handle_time`, `desk.target.chat_within_s` |
| 59 % of calls need a check; 58 % tried the page first; 63 % would be called back | left out: what people say they do; the mechanisms have keys of their own |
| duplicates 5, 8, 10 % (health care), 4-11 % (Facebook) | `population.shares.duplicate` |
| 2-5 % fakes (Facebook), 5-19 % (Twitter) | `population.trouble.nobody.share` |
| 3.8, 17, 30 % of addresses never verified | `population.shares.unverified_email`, which is yours |
| 4-5 wrong links in 10,000 (Grannis 2022); plus signs 0.03 % (Adobe) | `population.matching.lookalike_share`; `population.shares.alias_of_duplicates` in words |
| 23 % of addresses decay in a year, 19-24 % of lists invalid (vendors) | `population.mail_decay_per_year`; `dead_mailbox` stays below, because those lists were sent in for cleaning |
| Google 75 % of social sign-ins (Clerk 2025-26), 39 % (LoginRadius 2022) | `population.providers.google_weight`, between the two |
| 21 % never return after a hijack, 3 points more leave a bank that refunds them | `journey.frustration.takeover_points` |
| 1.6 % of those locked out left (TSB 2018), activity at most 3 % lower (eBay 2014) | `journey.frustration.leaving_per_point`; what people say they would do is ten times as much and was left out |
| a third of silent takeovers seen by the owner, half told by friends (2011) | `threat.owner_notices_share`, `threat.told_per_year`, as assumptions |
| 2.7 % of entered accounts lost 375 USD (DraftKings), 0.07 % (Roku); 290 USD to resolve | `prices.takeover_cents`; `prices.takeover_solved_cents` without the time at the desk |
| 50-96 USD for a duplicate (health care); 100 EUR damages for a wrong link | `prices.duplicate_cents`, lower; `prices.wrong_link_cents` |
| Cognito 30 mails a second, Firebase 10,000 a day; reviews at 5 % of bounces, stops at 10 % | `target.gateway` |
| complaints 0.1 to 0.5 %; 0.2-0.35 % ask for erasure; attacks × 70 after a public failure | left out: no mechanism, or one bank |
| 2 % of active users a week lost by ending sessions (one app) | left out: one app, and no control group |

";
