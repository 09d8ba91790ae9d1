"""The frozen values everything else speaks in; stdlib only, no I/O."""
