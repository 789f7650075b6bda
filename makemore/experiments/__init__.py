"""Whole trainings: one run, a study over seeds, all shipped ones again."""
