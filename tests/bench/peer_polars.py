#!/usr/bin/env python3
"""The peer: Python Polars converts a CSV file to Parquet and does nothing else.

usage: peer_polars.py IN.csv OUT.parquet
"""
import sys

import polars as pl

pl.scan_csv(sys.argv[1], infer_schema=False).sink_parquet(sys.argv[2])
