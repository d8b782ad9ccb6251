"""What page, console, API and command line are shown of onboardings: frozen read models, with every state derived."""
