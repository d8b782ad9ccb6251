"""What we show and measure on the real thing: demo, measurements with goals, mutation, coverage, pictures.

Nothing here is part of the product. Everything talks to it as its users do: over HTTP, to real processes.
"""
