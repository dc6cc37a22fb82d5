"""Makes Ocelli's demo footage, its data sets and the ground truth of both from a seed."""

VERSION = "1"
