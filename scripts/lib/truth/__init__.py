"""Doctown's graph against outside oracles; `scripts/truth` is the command."""
