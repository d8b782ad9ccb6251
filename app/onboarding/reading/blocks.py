"""What a client cannot do while a step stands still: said beside the step, so that nobody thinks everything is off."""

from typing import Final

PAID_TEMPLATES: Final = "paid_templates"

# By step. What is not named blocks the steps that wait for it, and nothing else.
BLOCKS: Final = {"credit": PAID_TEMPLATES}
