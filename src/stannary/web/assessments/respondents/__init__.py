"""Who answers which part of a site's self-assessment, with an account or by a one-time link."""
