"""Agents' own transcripts: records to AgentRuns, Usage and Events."""
