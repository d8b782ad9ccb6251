"""Changes how results arrive: for one window (its own form) or for all windows to come (``POST /_sandbox/dialog``)."""

from collections.abc import Mapping

from sandbox.dialog.desk import REPORTS, Order, Tricks, draw

ORDER_WORDS = [
    (Order.MESSAGE_FIRST.value, "End event first, then the code (usual)"),
    (Order.CODE_FIRST.value, "Code first, then the end event"),
    (Order.MESSAGE_LOST.value, "Only the code: the end event is lost"),
    (Order.RANDOM.value, "As it comes: 70, 25 and 5 of a hundred"),
]


def change_tricks(tricks: Tricks, wanted: Mapping[str, object], *, keep_random: bool = False) -> None:
    """Sets what ``wanted`` names: ``order``, ``report_as`` (CANCEL or ERROR), ``forge`` (true or false).

    Raises ``ValueError`` for a value that is none of these; then nothing is changed.
    """
    order = Order(str(wanted.get("order", tricks.order)))
    report_as = wanted.get("report_as", tricks.report_as)
    if report_as not in REPORTS:
        raise ValueError(f"report_as is one of {', '.join(REPORTS)}")
    forge = wanted.get("forge", tricks.forge)
    if forge not in (True, False, "1", "0"):
        raise ValueError("forge is true or false")
    tricks.order = order if keep_random else draw(order)
    tricks.report_as = str(report_as)
    tricks.forge = forge in (True, "1")
