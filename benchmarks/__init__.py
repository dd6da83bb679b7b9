"""What `make bench` runs: our figures, each beside its ceiling from the same run on the same machine.

python -m benchmarks                      # everything, under ten minutes
python -m benchmarks --only roundtrip     # one measurement
python -m benchmarks --quick              # everything in little time: the shape, not the figures
"""
