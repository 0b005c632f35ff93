//! Points in many dimensions that fill them evenly: Sobol' points with Owen's scrambling.
//!
//! Scrambled by hashing after Burley ("Practical Hash-based Owen Scrambling", JCGT 9(4), 2020), with the directions of Joe
//! and Kuo. Points of another seed are an independent sequence.

use statrs::distribution::{ContinuousCDF, Normal};

/// Most points of a sequence.
pub const MOST_POINTS: u32 = 1 << 16;

/// Dimensions of one sequence; further ones come from a sequence of another seed.
const DIMENSIONS: u32 = sobol_burley::NUM_DIMENSIONS;

/// A sequence of points.
#[derive(Clone, Debug)]
pub struct Points {
    dimensions: usize,
    seed: u32,
    normal: Normal,
}

impl Points {
    /// A sequence of points in so many dimensions.
    pub fn new(dimensions: usize, seed: u32) -> Self {
        Self { dimensions, seed, normal: Normal::standard() }
    }

    /// The point of this number, below [`MOST_POINTS`], in the open unit cube.
    pub fn uniform(&self, number: u32) -> Vec<f64> {
        (0..self.dimensions as u32)
            .map(|dimension| {
                let seed = self.seed.wrapping_add((dimension / DIMENSIONS).wrapping_mul(0x9E37_79B9));
                let at = sobol_burley::sample(number % MOST_POINTS, dimension % DIMENSIONS, seed);
                // The middle of its cell of 2⁻²⁴, so that neither end is reached.
                f64::from(at).mul_add(1.0 - CELL, CELL / 2.0)
            })
            .collect()
    }

    /// The same point as independent standard normal scores.
    pub fn normal(&self, number: u32) -> Vec<f64> {
        self.uniform(number).into_iter().map(|share| self.normal.inverse_cdf(share)).collect()
    }
}

/// The grain of a point.
const CELL: f64 = 1.0 / (1 << 24) as f64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_filled_evenly_and_seeds_differ() {
        let points = Points::new(300, 3);
        let n = 256_u32;
        let all: Vec<Vec<f64>> = (0..n).map(|number| points.uniform(number)).collect();
        for dimension in [0, 1, 17, 255, 256, 299] {
            let mut cells = vec![0; n as usize];
            for point in &all {
                assert!(point[dimension] > 0.0 && point[dimension] < 1.0);
                cells[(point[dimension] * f64::from(n)) as usize] += 1;
            }
            assert!(cells.iter().all(|count| *count == 1), "dimension {dimension} has one point in each of {n} cells");
        }
        assert_ne!(points.uniform(5), Points::new(300, 4).uniform(5));
        assert_ne!(all[9][0], all[9][256]);
    }

    #[test]
    fn normal_scores_have_mean_nothing_and_variance_one() {
        let points = Points::new(3, 1);
        for dimension in 0..3 {
            let scores: Vec<f64> = (0..1024).map(|number| points.normal(number)[dimension]).collect();
            let mean = scores.iter().sum::<f64>() / 1024.0;
            let variance = scores.iter().map(|score| score * score).sum::<f64>() / 1024.0;
            assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        }
    }
}
