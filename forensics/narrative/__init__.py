"""From a case and its findings to the Postmortem: verdicts on steps, root cause, timeline, what to change."""
