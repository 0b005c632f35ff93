#!/bin/sh
# Measures whole runs and prints the table that stands in README.md. With --small it only shows that it works.
#
#   scripts/measure.sh [--small]
set -eu
cd "$(dirname "$0")/.."

case "${1-}" in
    "") million=1000000 four=4000000 ten=10000000 hundred=100000000 ;;
    --small) million=10000 four=40000 ten=20000 hundred=50000 ;;
    *) echo "usage: $0 [--small]" >&2; exit 2 ;;
esac

cargo build --release --quiet
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# A figure of the last run.
figure() {
    sed -n "s/^ *\"$1\": \([0-9.]*\),*$/\1/p" "$out/report/run.json"
}

# measure LABEL ARGUMENTS...: runs cutover once and prints a row.
measure() {
    label=$1
    shift
    rm -rf "$out/report"
    target/release/cutover run "$@" --out "$out/report" >/dev/null 2>"$out/errors" || { cat "$out/errors" >&2; exit 1; }
    awk -v label="$label" -v s="$(figure total_s)" -v n="$(figure account_strategies)" -v work="$(figure simulate_s)" \
        -v rss="$(figure peak_rss_bytes)" 'BEGIN {
            rate = n > 1000 && work > 0 ? sprintf("%.2f", n / work / 1e6) : "–"
            printf "| %s | %.1f | %s | %.0f |\n", label, s, rate, rss / 1e6
        }'
    rss=$(figure peak_rss_bytes)
}

# study LABEL ARGUMENTS...: draws worlds once and prints a row; a study tells its work as a run does, and not its memory.
study() {
    label=$1
    shift
    target/release/cutover sensitivity "$@" --out "$out/study" 2>"$out/errors" >"$out/said" || { cat "$out/errors" >&2; exit 1; }
    sed -n 's/^\([0-9,]*\) account-strategies in \([0-9.]*\) s.*/\1 \2/p' "$out/said" | tr -d , |
        awk -v label="$label" '{ printf "| %s | %.1f | %.2f | – |\n", label, $2, $1 / $2 / 1e6 }'
}

# slope WHAT ACCOUNTS BYTES ACCOUNTS BYTES: memory by account, from two sizes of the same run.
slope() {
    awk -v what="$1" -v a="$2" -v x="$3" -v b="$4" -v y="$5" \
        'BEGIN { printf "%s: %.0f bytes for each further account\n", what, (y - x) / (b - a) }'
}

# A number with its thousands marked.
grouped() {
    echo "$1" | sed ':again; s/\([0-9]\)\([0-9]\{3\}\)\(,\|$\)/\1,\2\3/; t again'
}

in_memory="--store memory --no-report --set replications=1 --set population.accounts"

echo "| run | seconds | million account-strategies/s | MB |"
echo "|---|---:|---:|---:|"
measure "\`quickstart\`: 100,000 accounts, 3 strategies, 5 replications, sled, report" scenarios/quickstart.toml
measure "\`retail\`: $(grouped $million) accounts, 4 strategies, 5 replications, sled, report" scenarios/retail.toml \
    --set population.accounts=$million
measure "\`retail\`, 1 replication, sled, report" scenarios/retail.toml \
    --set population.accounts=$million --set replications=1
small=$rss
measure "the same with $(grouped $four) accounts" scenarios/retail.toml \
    --set population.accounts=$four --set replications=1
sled=$(slope "with sled and report" $million "$small" $four "$rss")
measure "\`retail\`, 1 replication, memory, no report" scenarios/retail.toml $in_memory=$million
measure "the same, one thread" scenarios/retail.toml $in_memory=$million --threads 1
measure "the same with $(grouped $ten) accounts" scenarios/retail.toml $in_memory=$ten
small=$rss
measure "the same with $(grouped $hundred) accounts" scenarios/retail.toml $in_memory=$hundred
memory=$(slope "in memory" $ten "$small" $hundred "$rss")
quiet="scenarios/canary.toml $in_memory=$million --set population.segments[1].shares.dead_mailbox=0.02"
measure "\`canary\`: $(grouped $million) accounts in plain waves, memory, no report" $quiet --strategy waves
measure "the same with gates that stay quiet" $quiet --strategy gated
measure "\`desk-only\`: 10 million calls, sled, report" scenarios/desk-only.toml
study "\`quickstart\`: 100,000 accounts in 256 worlds, sensitivity" scenarios/quickstart.toml
study "\`retail\`: 100,000 accounts in 64 worlds, sensitivity" scenarios/retail.toml --accounts 100000 --worlds 64
printf '\n%s\n%s\n' "$sled" "$memory"
