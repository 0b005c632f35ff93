//! The little linear algebra that inference needs: systems of a positive matrix, and the axes along which one is long.

/// A square matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// The lower triangle L of a symmetric positive matrix A = L Lᵀ (Cholesky), of which the lower half is looked at;
/// `None` if it is not positive.
pub fn triangle(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for row in 0..n {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let left = matrix[row][column] - sum;
            if row == column {
                if left <= 0.0 || !left.is_finite() {
                    return None;
                }
                lower[row][row] = left.sqrt();
            } else {
                lower[row][column] = left / lower[column][column];
            }
        }
    }
    Some(lower)
}

/// Solves L y = b.
pub fn forward(lower: &Matrix, b: &[f64]) -> Vec<f64> {
    let mut solved: Vec<f64> = Vec::with_capacity(b.len());
    for (row, value) in b.iter().enumerate() {
        let sum: f64 = solved.iter().zip(&lower[row]).map(|(a, b)| a * b).sum();
        solved.push((value - sum) / lower[row][row]);
    }
    solved
}

/// Solves Lᵀ x = y.
pub fn backward(lower: &Matrix, y: &[f64]) -> Vec<f64> {
    let n = y.len();
    let mut solved = vec![0.0; n];
    for row in (0..n).rev() {
        let sum: f64 = (row + 1..n).map(|k| lower[k][row] * solved[k]).sum();
        solved[row] = (y[row] - sum) / lower[row][row];
    }
    solved
}

/// The directions in which a symmetric matrix is longest, at most so many, the longest first, with their lengths; those
/// shorter than `least` are left out. By iterating a subspace, which is enough where few directions stand out.
pub fn longest(matrix: &Matrix, most: usize, least: f64) -> Vec<(f64, Vec<f64>)> {
    let mut left = matrix.clone();
    let n = matrix.len();
    let mut found = Vec::new();
    for number in 0..most.min(n) {
        // The longest column points roughly there.
        let length = |column: usize| left.iter().map(|row| row[column].powi(2)).sum::<f64>();
        let start = (0..n).max_by(|&a, &b| length(a).total_cmp(&length(b))).unwrap_or(number);
        let mut along: Vec<f64> = left.iter().map(|row| row[start]).collect();
        if !scale(&mut along) {
            break;
        }
        for _ in 0..ROUNDS {
            let mut next: Vec<f64> = left.iter().map(|row| dot(row, &along)).collect();
            if !scale(&mut next) {
                break;
            }
            let moved: f64 = next.iter().zip(&along).map(|(a, b)| (a - b).abs()).sum();
            along = next;
            if moved < 1e-10 {
                break;
            }
        }
        let value: f64 = left.iter().zip(&along).map(|(row, at)| dot(row, &along) * at).sum();
        if value <= least.max(1e-12) {
            break;
        }
        for (row, at) in left.iter_mut().zip(&along) {
            row.iter_mut().zip(&along).for_each(|(entry, other)| *entry -= value * at * other);
        }
        found.push((value, along));
    }
    found
}

/// Most rounds of an iteration.
const ROUNDS: usize = 300;

fn scale(vector: &mut [f64]) -> bool {
    let length = dot(vector, vector).sqrt();
    if length <= 1e-150 || !length.is_finite() {
        return false;
    }
    vector.iter_mut().for_each(|value| *value /= length);
    true
}

/// The sum of products.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_what_is_not_positive_is_told() {
        let matrix = vec![vec![4.0, 2.0, 0.6], vec![2.0, 3.0, 0.4], vec![0.6, 0.4, 2.0]];
        let lower = triangle(&matrix).expect("positive");
        let solved = backward(&lower, &forward(&lower, &[1.0, 2.0, 3.0]));
        for (row, wanted) in matrix.iter().zip([1.0, 2.0, 3.0]) {
            assert!((dot(row, &solved) - wanted).abs() < 1e-12);
        }
        assert!(triangle(&vec![vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }

    #[test]
    fn the_longest_directions_come_first() {
        // 5 along (1, 1)/√2, 1 along (1, -1)/√2, 3 along the third.
        let matrix = vec![vec![3.0, 2.0, 0.0], vec![2.0, 3.0, 0.0], vec![0.0, 0.0, 3.0]];
        let found = longest(&matrix, 3, 2.0);
        let lengths: Vec<f64> = found.iter().map(|(length, _)| *length).collect();
        assert!(
            lengths.len() == 2 && (lengths[0] - 5.0).abs() < 1e-6 && (lengths[1] - 3.0).abs() < 1e-6,
            "{lengths:?}"
        );
    }
}
