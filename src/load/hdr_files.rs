//! Histograms as files that the tools of HdrHistogram read: percentile distributions (`.hgrm`) and interval logs
//! (`.hlog`).

use std::fmt::Write;
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};

use super::tally::LoadTally;
use crate::error::{Error, Result};
use crate::folder::Files;

/// Steps for each halving of what is left of the distribution, as HdrHistogram has them.
const STEPS: u32 = 5;

/// Adds the files of a backend: `redb-latency.hgrm`, `redb-service.hgrm`, `redb-latency-redeem.hgrm` for each kind, and
/// `redb-latency.hlog`.
///
/// # Errors
///
/// If one cannot be written.
pub fn add(files: &mut Files, backend: &str, tally: &LoadTally<'_>) -> Result<()> {
    let mut distributions = vec![
        ("latency".to_owned(), &tally.all.latency),
        ("service".to_owned(), &tally.all.service),
    ];
    distributions.extend(tally.kinds.iter().map(|(kind, of)| (format!("latency-{}", kind.key()), &of.latency)));
    for (name, histogram) in distributions.into_iter().filter(|(_, histogram)| !histogram.is_empty()) {
        files.add(&format!("{backend}-{name}.hgrm"), hgrm(histogram).as_bytes())?;
    }
    files.add(&format!("{backend}-latency.hlog"), &hlog(tally)?)
}

/// A percentile distribution in milliseconds, of a histogram in microseconds.
pub fn hgrm(histogram: &Histogram<u64>) -> String {
    let mut text = format!("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    let ms = |us: f64| us / 1e3;
    let mut counted = 0;
    // Writing to a text cannot fail.
    for step in histogram.iter_quantiles(STEPS) {
        counted += step.count_since_last_iteration();
        let (value, share) = (ms(step.value_iterated_to() as f64), step.quantile_iterated_to());
        let _ = if share < 1.0 {
            writeln!(text, "{value:12.3} {share:2.12} {counted:10} {:14.2}", 1.0 / (1.0 - share))
        } else {
            writeln!(text, "{value:12.3} {share:2.12} {counted:10}")
        };
    }
    let buckets = u64::from(histogram.buckets());
    let sub_buckets = 2 * histogram.distinct_values() as u64 / (buckets + 1);
    let [mean, spread, most] = [histogram.mean(), histogram.stdev(), histogram.max() as f64].map(ms);
    let _ = writeln!(text, "#[Mean    = {mean:12.3}, StdDeviation   = {spread:12.3}]");
    let _ = writeln!(text, "#[Max     = {most:12.3}, Total count    = {:12}]", histogram.len());
    let _ = writeln!(text, "#[Buckets = {buckets:12}, SubBuckets     = {sub_buckets:12}]");
    text
}

/// An interval log of latencies in microseconds, tagged by kind: an interval for each slice of the test.
///
/// # Errors
///
/// If a histogram cannot be encoded.
pub fn hlog(tally: &LoadTally<'_>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::Store(format!("the interval log cannot be written: {error}"));
    let warm_up_s = tally.timing.warm_up_us as f64 / 1e6;
    let mut bytes = format!(
        "#[Latencies in microseconds by when requests were due, to two digits; maxima in milliseconds]\n\
         #[The first {warm_up_s:.3} seconds are the warm-up]\n\
         #[Histogram log format version 1.3]\n\
         #[StartTime: 0.000 (seconds since epoch)]\n\
         \"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
    )
    .into_bytes();
    let mut serializer = V2DeflateSerializer::new();
    let mut log = IntervalLogWriterBuilder::new()
        .with_max_value_divisor(1e3)
        .begin_log_with(&mut bytes, &mut serializer)
        .map_err(|error| failed(&error))?;
    let length = Duration::from_micros(tally.slice_us);
    for (number, slice) in &tally.slices {
        let start = Duration::from_micros(number * tally.slice_us);
        for (kind, latency) in &slice.latency {
            log.write_histogram(latency, start, length, Tag::new(kind.key())).map_err(|error| failed(&error))?;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::Deserializer;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};

    use super::*;
    use crate::load::tally::TestTiming;
    use crate::load::tally::tests::{sequence, tally};

    const TIMING: TestTiming = TestTiming { warm_up_us: 1_000_000, duration_us: 4_000_000, closed: false };

    #[test]
    fn a_distribution_rises_and_counts_everything() {
        let sequence = sequence();
        let text = hgrm(&tally(&sequence, TIMING, |place| 300 + 37 * (place % 1_000)).all.latency);
        let (head, rows) = text.split_once("\n\n").expect("a head");
        assert_eq!(head, "       Value     Percentile TotalCount 1/(1-Percentile)");
        let rows: Vec<Vec<f64>> = rows
            .lines()
            .take_while(|line| !line.starts_with('#'))
            .map(|line| line.split_whitespace().map(|word| word.parse().expect("a number")).collect())
            .collect();
        assert!(rows.len() > 20 && rows.windows(2).all(|pair| (0..3).all(|column| pair[0][column] <= pair[1][column])));
        let last = rows.last().expect("rows");
        assert_eq!((last.len(), last[1], last[2]), (3, 1.0, 3_000.0));
        assert!((last[0] / 37.263 - 1.0).abs() < 1e-3, "{}", last[0]);
        let foot: Vec<&str> = text.lines().rev().take(3).collect();
        assert!(foot[2].starts_with("#[Mean    =       18.7"), "{foot:?}");
        assert!(foot[1].ends_with("Total count    =         3000]"), "{foot:?}");
        assert_eq!(foot[0], "#[Buckets =           22, SubBuckets     =         2048]");
    }

    #[test]
    fn an_interval_log_comes_back_with_its_counts() {
        let sequence = sequence();
        let tally = tally(&sequence, TIMING, |place| 300 + place);
        let bytes = hlog(&tally).expect("a log");
        let (mut intervals, mut counts) = (0, std::collections::BTreeMap::new());
        for entry in IntervalLogIterator::new(&bytes) {
            let LogEntry::Interval(interval) = entry.expect("an entry") else {
                continue;
            };
            let encoded = interval.encoded_histogram().as_bytes();
            let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).expect("base64");
            let read: Histogram<u64> = Deserializer::new().deserialize(&mut &decoded[..]).expect("a histogram");
            assert!((interval.max() * 1e3 / read.max() as f64 - 1.0).abs() < 0.01);
            *counts.entry(interval.tag().expect("a tag").as_str().to_owned()).or_insert(0) += read.len();
            intervals += 1;
        }
        assert_eq!(intervals, 8, "four seconds, two kinds");
        assert_eq!((counts["archive"], counts["revoke_sessions"]), (400, 3_600));
    }
}
