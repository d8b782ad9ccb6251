"""Few, end to end: the real processes, driven over HTTP as people, programs and Meta drive them."""
