//! Pages of dossiers committed to the store, per dossier, beside a bare loop that inserts the same pages into sled.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use cutover::engine::arm::{Setup, Walker};
use cutover::identity::filing::{Checkpoint, Filing};
use cutover::identity::pages::{DossierPage, PageKind, Pages};
use cutover::identity::store::DossierStore;
use cutover::scenario::Scenario;
use xxhash_rust::xxh3::xxh3_64;

const UNITS: u64 = 40_000;

/// Units in a commit, as in a run.
const CHUNK_UNITS: u64 = 16_384;

fn stage() -> Setup {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/retail.toml");
    let loaded =
        Scenario::load(path.as_ref(), &[], &["population.accounts=60000".to_owned()]).expect("a valid scenario");
    cutover::engine::stage(&loaded.scenario, None, 0)
}

/// The pages of the units that walk alone, chunk by chunk, and how many dossiers they hold.
fn pages(stage: &Setup) -> (Vec<Vec<DossierPage>>, u64) {
    let mut walker = Walker::default();
    let mut dossiers = 0;
    let mut chunks = Vec::new();
    for first in (0..UNITS).step_by(CHUNK_UNITS as usize) {
        let mut arms: Vec<Pages> = (0..stage.plans.len()).map(|arm| Pages::new(PageKind::Alone, arm)).collect();
        for unit in first..UNITS.min(first + CHUNK_UNITS) {
            walker.take(stage, unit);
            for (plan, pages) in stage.plans.iter().zip(&mut arms) {
                if walker.walk_alone(stage, plan).is_none() {
                    let dossier = walker.file(&[]).expect("model and rules agree");
                    pages.add(unit, dossier).expect("a dossier can be encoded");
                    dossiers += 1;
                }
            }
        }
        chunks.push(arms.into_iter().flat_map(Pages::finish).collect());
    }
    (chunks, dossiers)
}

fn store(criterion: &mut Criterion) {
    let stage = stage();
    let (chunks, dossiers) = pages(&stage);
    let all: Vec<u8> = chunks.iter().flatten().flat_map(|page| page.value.iter().copied()).collect();
    let count = chunks.iter().map(Vec::len).sum::<usize>();
    println!("{dossiers} dossiers in {count} pages, {} bytes, {:016x}", all.len(), xxh3_64(&all));

    let mut group = criterion.benchmark_group("store");
    group.sample_size(10);
    group.throughput(Throughput::Elements(dossiers));
    let folder = || tempfile::tempdir().expect("a folder");
    group.bench_function("pages and checkpoints committed", |bencher| {
        bencher.iter_batched(
            || (folder(), chunks.clone()),
            |(folder, chunks)| {
                let store = DossierStore::open(folder.path()).expect("a store");
                for (number, pages) in chunks.into_iter().enumerate() {
                    store.commit(Checkpoint::Alone(number as u32), &[], pages).expect("committed");
                }
                store.flush().expect("flushed");
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("bare: the same pages inserted one by one", |bencher| {
        bencher.iter_batched(
            || (folder(), chunks.clone()),
            |(folder, chunks)| {
                let db = sled::open(folder.path()).expect("a database");
                for page in chunks.into_iter().flatten() {
                    db.insert(page.key, page.value).expect("inserted");
                }
                db.flush().expect("flushed");
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("dossiers walked, encoded and compressed", |bencher| bencher.iter(|| pages(&stage)));
    group.finish();
}

criterion_group!(benches, store);
criterion_main!(benches);
