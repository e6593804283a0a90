"""Say whether the audit trail is as it was written, or where it first is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records import anchors, chain


class Command(BaseCommand):
    help = (
        "Verify every event against the chain, and the chain against its anchors. "
        "Ends with 1 and names the first event that was removed, inserted, moved or "
        "edited."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            verdict = chain.verify(anchors.read())
        except anchors.AnchorError as wrong:
            raise CommandError(str(wrong)) from wrong
        limit = limit_of(verdict.vouched_by)
        if verdict.first_break:
            raise CommandError(f"{verdict.first_break} {limit}")
        self.stdout.write(
            f"The chain is whole: {verdict.events:,} events in {verdict.batches:,} "
            f"batches. {limit}"
        )


def limit_of(anchor: anchors.Anchor | None) -> str:
    """From where on the chain cannot speak against who owns the database."""
    if anchor is None:
        return (
            "No anchor was met: whoever owns the database could have rewritten all "
            "of it unseen."
        )
    return (
        f"The last anchor met is of {anchor}: what was written since, whoever owns "
        "the database could have rewritten unseen."
    )
