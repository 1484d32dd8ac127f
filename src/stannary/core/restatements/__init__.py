"""What a corrected record, or an attestation that falls away, does to what was booked and said."""
