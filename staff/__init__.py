"""Face: clerks at their counters, and supervisors."""
