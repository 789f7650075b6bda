"""Whole trainings: one run, a study over seeds, a sweep, all shipped ones again."""
