"""The description of the API, for programs and for people.

The page loads its script from a view and its styles from files: the content security
policy of every page allows nothing inline.
"""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularAPIView):
    """The OpenAPI description. Signed-in people only, like every page."""


class Docs(SpectacularSwaggerSplitView):
    """The description as a page on which a call can be tried."""

    template_name = "desk/api_docs.html"
    url_name = "api-schema"
