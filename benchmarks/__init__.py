"""What issue by issue was promised to be fast enough, measured in one run: ``python -m benchmarks``."""
