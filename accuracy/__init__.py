"""How often `forensics` is right: its output compared with labels made by hand, and with faults injected on purpose."""
