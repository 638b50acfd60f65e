"""The server of the review page: on this machine only, for one folder of results, until the page is closed."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.review.server.action_routes import EnrolRequest, Offer
    from discreet.review.server.decision_routes import DecisionRoutes, KeptResults
    from discreet.review.server.folder import ReviewFolder
    from discreet.review.server.lifetime import Lifetime
    from discreet.review.server.running import ReviewRequest, serve
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "action_routes": ["EnrolRequest", "Offer"],
            "decision_routes": ["DecisionRoutes", "KeptResults"],
            "folder": ["ReviewFolder"],
            "lifetime": ["Lifetime"],
            "running": ["ReviewRequest", "serve"],
        },
    )

__all__ = [
    "DecisionRoutes",
    "EnrolRequest",
    "KeptResults",
    "Lifetime",
    "Offer",
    "ReviewFolder",
    "ReviewRequest",
    "serve",
]
