"""Measurements. Each runs by itself, in servers and a database of its own: python -m bench.digests"""
