"""What every HTTP door shares: errors, headers, guards, limits, languages, layout. Knows no feature.

A face writes `bp = guarded(Blueprint(...), <guard>)`, parses with `requests`, raises `app.kit.errors` and renders
templates that build on `layout/`. `frame.install(app, rt)` wires all of it.
"""
