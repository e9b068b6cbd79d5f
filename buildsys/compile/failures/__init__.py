"""What failed steps say: errors of compilers and linkers as faults, and headers that they miss."""
