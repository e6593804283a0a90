"""Each printed number beside what the matched cohort, or other numbers, make of it."""
