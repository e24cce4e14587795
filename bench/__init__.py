"""Measurements. Each runs by itself, in servers and a database of its own: bench/run, python -m bench.digests"""
