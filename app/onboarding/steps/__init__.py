"""The steps, one file each: look before acting, act once, prove by reading back.

To add a step: a file here with `run(walk) -> Outcome`, a line in `registry.STEPS`, its name in plans of `plans.toml`.
A step raises `MetaError` for whatever Meta refuses; the saga asks the catalogue what that means.
"""
