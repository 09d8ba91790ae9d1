"""The harness that attacks the tool: `make fuzz` and `make attack`. It is not part of `make test`."""
