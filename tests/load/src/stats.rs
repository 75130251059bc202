//! Percentiles, by the nearest rank.

/// Durations, sorted.
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts `values`.
    pub fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The value below or at which `percent` of 100 lie; 0 where there are none.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn percentile(&self, percent: f64) -> f64 {
        let rank = (self.0.len() as f64 * percent / 100.0).ceil() as usize;
        self.0
            .get(rank.saturating_sub(1))
            .or(self.0.last())
            .copied()
            .unwrap_or(0.0)
    }

    /// Half are below or at it.
    pub fn p50(&self) -> f64 {
        self.percentile(50.0)
    }

    /// Ninety-nine of a hundred are below or at it.
    pub fn p99(&self) -> f64 {
        self.percentile(99.0)
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.percentile(100.0)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A count as a number that divides.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_of_the_sample() {
        let sorted = Sorted::new((1..=200).rev().map(f64::from).collect());
        assert_eq!((sorted.p50(), sorted.p99(), sorted.max()), (100.0, 198.0, 200.0));
        assert!(Sorted::new(Vec::new()).p99().abs() < f64::EPSILON);
    }
}
