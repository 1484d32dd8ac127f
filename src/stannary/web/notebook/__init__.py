"""The notebook of auditors in the field: works without a network, and sends what was kept."""
