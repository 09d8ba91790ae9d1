"""Findings and case to Postmortem: how each step stands, why it happened, what to do."""
