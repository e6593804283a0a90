"""The titles of analyses in the language of the reader."""

from django.utils.translation import gettext as _

from analysis.plan import Analysis


def title_of(analysis: Analysis) -> str:
    """The title with its names filled in, each translated where it is a word."""
    if not analysis.named:
        return _(analysis.title)
    return _(analysis.title) % {name: _(word) for name, word in analysis.named}
