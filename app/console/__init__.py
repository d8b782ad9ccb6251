"""What staff see: sign in, the list of onboardings, one onboarding with everything known of it, and signup links.

To add a page: a file here with its blueprint, a template in `templates/console/`, one line in `views.ROOMS`, and one in
`layout.html`'s side bar if people should find it.
"""
