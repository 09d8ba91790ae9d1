"""Attacks on time: every regular expression and every reader is given texts that make slow ones show."""
