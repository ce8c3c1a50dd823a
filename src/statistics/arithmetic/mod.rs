//! The arithmetic of statistics: exact fractions, control charts with their rules, limits of counts, indirect standardisation. Pure functions over whole numbers.

pub mod chart_rules;
pub mod chi_square;
pub mod control_chart;
pub mod count_limits;
pub mod direct_rate;
pub mod fraction;
pub mod individuals_chart;
pub mod standardised;
pub mod survey_weights;
