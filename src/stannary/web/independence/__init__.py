"""Audit firms and their people: approvals, competences, interests, and what blocks a team."""
