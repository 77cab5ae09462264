"""The JSON API under /api/v1: names and shapes are CONTRACT.md's, described by /api/v1/openapi.json."""
