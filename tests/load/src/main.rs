//! Load benchmarks of the whole product.

fn main() {}
