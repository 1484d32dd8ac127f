"""Which constants of a custody pack a program asks; every other one is told to people only."""

ASKED = frozenset(
    {
        "attestation_basis",
        "balance_boundary",
        "balance_carry_over",
        "balance_opening_and_closing",
        "balance_period_months",
        "certificate_validity_months",
        "closing_deficit_max_kg",
        "controlled_blending_min_share",
        "conversion_factor_review_months",
        "conversion_factor_source",
        "credit_life_months",
        "credit_unit",
        "level_of_mix",
        "mass_balance_methods",
        "model_upgrade_allowed",
        "multi_site_scope",
        "offer_open_max_days",
        "outsourcing_agreements",
        "overdraft_max_kg",
        "overdraft_tolerance",
        "rolling_average_months",
        "surveillance_interval_months",
        "surveillance_site_sample",
        "trader_treatment",
        "transform_mass_factor_max",
        "transparency_level_in_claims",
        "unproved_origin",
        "weighing_loss_max_share",
    }
)
