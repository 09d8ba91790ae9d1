"""Records to a Case: who did which step, what each claim is worth, when things happened."""
